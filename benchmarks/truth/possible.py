"""Finds the stacks of an observation that cannot have happened."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from truth.observation import Observation, Stack


class Impossible(NamedTuple):
    """A stack that the exact trace of the same program does not have."""

    stack: Stack
    weight: float

    def __str__(self) -> str:
        path = " > ".join(
            f"{place.function} ({Path(place.file).name}:{place.first_line})" for place in self.stack
        )
        return f"{self.weight:.9g} in: {path or '(nothing)'}"


def impossible_stacks(
    observation: Observation, trace: Observation, program_file: str
) -> list[Impossible]:
    """Those that are not in *trace*, heaviest first.

    A stack without the driver's frame is either another thread's, and then in the trace as well,
    or the harness's own around the program: then nothing of the program may be in it.
    """
    found = [
        Impossible(stack, weight)
        for stack, weight in observation.stacks.items()
        if stack not in trace.stacks
    ]
    found.extend(
        Impossible(stack, weight)
        for stack, weight in observation.others.items()
        if stack not in trace.others and any(place.file == program_file for place in stack)
    )
    return sorted(found, key=lambda one: -one.weight)
