"""Finds the stacks of an observation that cannot have happened."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple

from truth.observation import Function, Observation, Stack


class Impossible(NamedTuple):
    """A stack that the exact trace of the same program does not have."""

    stack: Stack
    weight: float

    def __str__(self) -> str:
        parts = []
        for place, repeated in groupby(self.stack):
            times = len([*repeated])
            part = f"{place.function} ({Path(place.file).name}:{place.first_line})"
            parts.append(part if times == 1 else f"{part} {times} times")
        return f"{self.weight:.9g} in: {' > '.join(parts) or '(nothing)'}"


def impossible_stacks(
    observation: Observation, trace: Observation, program_file: str
) -> list[Impossible]:
    """Those that are not in *trace*, heaviest first.

    A stack without the driver's frame is either another thread's, and then in the trace as well,
    or the harness's own around the program: then nothing of the program may be in it.
    """
    found = [
        Impossible(stack, weight) for stack, weight in _missing(observation.stacks, trace.stacks)
    ]
    found.extend(
        Impossible(stack, weight)
        for stack, weight in _missing(observation.others, trace.others)
        if any(place.file == program_file for place in stack)
    )
    return sorted(found, key=lambda one: -one.weight)


def _missing(
    seen: Mapping[Stack, float], known: Mapping[Stack, float]
) -> Iterator[tuple[Stack, float]]:
    # Who tells no first lines is asked for functions only.
    functions = {_functions(stack) for stack in known}
    for stack, weight in seen.items():
        tells_lines = any(place.first_line for place in stack)
        if not (stack in known if tells_lines else _functions(stack) in functions):
            yield stack, weight


def _functions(stack: Stack) -> tuple[Function, ...]:
    return tuple(place.key for place in stack)
