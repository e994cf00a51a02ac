"""Which stacks can occur: every one that stands at an event of an exact trace of the program.

A stack changes only by a call, a return, a yield or an exception, and each is an event; so
whatever a sampler may find was there at an event before or after it.
"""

from __future__ import annotations

import builtins
import inspect
import sys
import threading
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
)
from typing import Any, Iterator, Tuple

from truth import driving
from truth.observation import NATIVE_FILE, Observation, Place, Stack

_Numbers = Tuple[int, ...]

_GENERATES = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR

_MOST_LOOKS = 20

_WITH_EVENTS = (FunctionType, MethodType, BuiltinFunctionType, MethodDescriptorType)


class TraceWatcher:
    """A profile function that notes the stack at every event, in every thread that is started
    after it was made."""

    def __init__(self) -> None:
        self._codes: dict[int, tuple[CodeType, int]] = {}
        """By ``id``: the code, which is kept so that no other can get its id, and its number."""
        self._classes: dict[int, set[str]] = {}
        """By number: what calls without events that this code makes may be named."""
        self._looks: dict[int, int] = {}
        self._places: dict[Place, int] = {}
        self._driven: set[_Numbers] = set()
        self._others: set[_Numbers] = set()
        self._events = 0
        threading.setprofile(self._observe)

    def start(self) -> None:
        """Traces the calling thread too."""
        sys.setprofile(self._observe)

    def stop(self) -> Observation:
        """Every stack has the weight 1."""
        sys.setprofile(None)
        threading.setprofile(None)
        if sys.version_info >= (3, 11):
            for stacks in (self._driven, self._others):
                stacks.update([*self._at_creation(stacks)])
        for stacks in (self._driven, self._others):
            stacks.update([*self._in_classes(stacks)])
        places = list(self._places)

        def with_places(stacks: set[_Numbers]) -> dict[Stack, float]:
            return {tuple(places[number] for number in stack): 1.0 for stack in list(stacks)}

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
        stacks.add(stack)
        if stack:
            self._look_for_classes(frame, stack[-1])
        if event.startswith("c_"):
            name = argument.__name__
            stacks.add((*stack, self._number(Place(name, NATIVE_FILE, 0))))

    def _look_for_classes(self, frame: FrameType, number: int) -> None:
        # More than once: local names get their values one after the other.
        looks = self._looks[number] = self._looks.get(number, 0) + 1
        if looks <= _MOST_LOOKS:
            self._classes.setdefault(number, set()).update(classes_called_by_name(frame))

    def _in_classes(self, stacks: set[_Numbers]) -> Iterator[_Numbers]:
        for stack in stacks:
            for name in self._classes.get(stack[-1], ()) if stack else ():
                yield (*stack, self._number(Place(name, NATIVE_FILE, 0)))

    def _at_creation(self, stacks: set[_Numbers]) -> Iterator[_Numbers]:
        """From 3.11 on a generator's frame stands for an instant on the function that makes it,
        without an event: wherever the top of a stack names a generator function."""
        named: dict[int, set[str]] = {}
        made: dict[str, set[int]] = {}
        for code, number in list(self._codes.values()):
            named.setdefault(number, set()).update(_names(code))
            if code.co_flags & _GENERATES:
                made.setdefault(code.co_name, set()).add(number)
        for stack in stacks:
            for name in named.get(stack[-1], ()) if stack else ():
                for number in made.get(name, ()):
                    yield (*stack, number)

    def _add_code(self, code: CodeType) -> int:
        place = Place(code.co_name, code.co_filename, code.co_firstlineno)
        number = self._number(place)
        self._codes[id(code)] = (code, number)
        return number

    def _number(self, place: Place) -> int:
        return self._places.setdefault(place, len(self._places))


def _names(code: CodeType) -> set[str]:
    inner = [constant.co_name for constant in code.co_consts if isinstance(constant, CodeType)]
    return {*code.co_names, *code.co_varnames, *code.co_freevars, *inner}


def classes_called_by_name(frame: FrameType) -> set[str]:
    """Names of classes and other callable objects that the code may call: a trace has no event
    for those, and an engine may name them as the leaf, an object also as it is called there."""
    names = frame.f_code.co_names
    scope = {**vars(builtins), **frame.f_globals}
    values = [(name, scope[name]) for name in names if name in scope]
    values.extend(frame.f_locals.items())
    for _, holder in values[:]:
        # A module, or an object like ``self``: what it holds, without asking it.
        held = getattr(holder, "__dict__", None) if not isinstance(holder, type) else None
        if isinstance(held, dict):
            values.extend((name, held[name]) for name in names if name in held)
    found: set[str] = set()
    for name, value in values:
        if isinstance(value, type):
            found.update((name, value.__name__))
        elif callable(value) and not isinstance(value, _WITH_EVENTS):
            found.update((name, type(value).__name__))
    return found
