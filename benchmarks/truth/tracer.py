"""Which stacks can occur: every one that stands at an event of an exact trace of the program.

A stack changes only by a call, a return, a yield or an exception, and each is an event; so
whatever a sampler may find was there at an event before or after it.
"""

from __future__ import annotations

import builtins
import sys
import threading
from types import CodeType, FrameType
from typing import Any

from truth import driving
from truth.observation import NATIVE_FILE, Observation, Place


class TraceWatcher:
    """A profile function that notes the stack at every event, in every thread started meanwhile."""

    def __init__(self) -> None:
        self._codes: dict[int, tuple[CodeType, int]] = {}
        """By ``id``: the code, which is kept so that no other can get its id, and its number."""
        self._places: dict[Place, int] = {}
        self._driven: set[tuple[int, ...]] = set()
        self._others: set[tuple[int, ...]] = set()
        self._events = 0

    def start(self) -> None:
        """Traces from now on."""
        threading.setprofile(self._observe)
        sys.setprofile(self._observe)

    def stop(self) -> Observation:
        """Every stack has the weight 1."""
        sys.setprofile(None)
        threading.setprofile(None)
        places = list(self._places)

        def with_places(stacks: set[tuple[int, ...]]) -> dict[tuple[Place, ...], float]:
            return {tuple(places[number] for number in stack): 1.0 for stack in stacks}

        return Observation(with_places(self._driven), with_places(self._others), {}, self._events)

    def _observe(self, frame: FrameType, event: str, argument: Any) -> None:
        self._events += 1
        numbers = []
        stacks = self._others
        step: FrameType | None = frame
        while step is not None:
            code = step.f_code
            if code is driving.repeat_until.__code__:
                stacks = self._driven
                break
            known = self._codes.get(id(code))
            numbers.append(known[1] if known else self._add_code(code))
            step = step.f_back
        numbers.reverse()
        stack = tuple(numbers)
        if stack not in stacks:
            stacks.add(stack)
            for name in _classes_called_by_name(frame):
                stacks.add((*stack, self._number(Place(name, NATIVE_FILE, 0))))
        if event.startswith("c_"):
            name = argument.__name__
            stacks.add((*stack, self._number(Place(name, NATIVE_FILE, 0))))

    def _add_code(self, code: CodeType) -> int:
        place = Place(code.co_name, code.co_filename, code.co_firstlineno)
        number = self._number(place)
        self._codes[id(code)] = (code, number)
        return number

    def _number(self, place: Place) -> int:
        return self._places.setdefault(place, len(self._places))


def _classes_called_by_name(frame: FrameType) -> list[str]:
    """Names of callables other than functions that the code may call: a trace has no event for
    those, and an engine may name them as the leaf."""
    found = []
    for name in frame.f_code.co_names:
        value = frame.f_globals.get(name, getattr(builtins, name, None))
        if callable(value) and not hasattr(value, "__code__"):
            found.append(getattr(value, "__name__", type(value).__name__))
    return found
