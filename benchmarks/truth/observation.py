"""What a way of watching saw of a program: stacks, root first, with their weights.

It travels between processes as JSON, and is what every comparison starts from.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple, Tuple

NATIVE_FILE = "<built-in>"
"""File of frames of C functions, which are always leaves."""

Function = Tuple[str, str]
"""Name, and file without its folder."""


class Place(NamedTuple):
    """One frame of a stack, as far as frames are compared."""

    function: str
    """For a C function the last part of its name: ``sort``."""
    file: str
    first_line: int
    """0 where it is not known."""

    @property
    def key(self) -> Function:
        """What every profiler tells of a function."""
        return (self.function, os.path.basename(self.file))

    @property
    def is_native(self) -> bool:
        """Whether it stands for a C function."""
        return self.file == NATIVE_FILE


Stack = Tuple[Place, ...]


class Observation(NamedTuple):
    """Everything one run told. Stacks begin below the driver's frame (see ``driving.py``); those
    of other threads, and of the harness itself, have no such frame and are whole."""

    stacks: dict[Stack, float]
    """Weight by stack of the driven thread: time, or samples where there is no time."""
    others: dict[Stack, float]
    """The same for stacks without the driver's frame."""
    lines: dict[tuple[str, str, int], float]
    """Weight by (function, file's plain name, line), callees included, of the driven thread."""
    samples: int
    notes: tuple[str, ...] = ()

    def write(self, path: Path) -> None:
        """Saves it as JSON."""
        places: dict[Place, int] = {}

        def rows(stacks: dict[Stack, float]) -> list[object]:
            return [
                [[places.setdefault(place, len(places)) for place in stack], weight]
                for stack, weight in stacks.items()
            ]

        content = {
            "stacks": rows(self.stacks),
            "others": rows(self.others),
            "lines": [[*key, weight] for key, weight in self.lines.items()],
            "samples": self.samples,
            "notes": self.notes,
            "places": list(places),
        }
        path.write_text(json.dumps(content))


def read_observation(path: Path) -> Observation:
    """Reads what ``Observation.write`` wrote."""
    content = json.loads(path.read_text())
    places = [Place(*row) for row in content["places"]]

    def stacks(rows: list[tuple[list[int], float]]) -> dict[Stack, float]:
        return {tuple(places[number] for number in stack): weight for stack, weight in rows}

    return Observation(
        stacks=stacks(content["stacks"]),
        others=stacks(content["others"]),
        lines={(function, file, line): weight for function, file, line, weight in content["lines"]},
        samples=content["samples"],
        notes=tuple(content["notes"]),
    )


class ObservationBuilder:
    """Collects full stacks of (place, line) and cuts them at the driver's frame."""

    def __init__(self, root: Function) -> None:
        self._root = root
        self._stacks: dict[Stack, float] = {}
        self._others: dict[Stack, float] = {}
        self._lines: dict[tuple[str, str, int], float] = {}
        self.samples = 0
        self.notes: list[str] = []

    def add(self, stack: list[tuple[Place, int]], weight: float) -> None:
        """One more observation of *stack*, root first."""
        below = 0
        for number, (place, _) in enumerate(stack, 1):
            if place.function == self._root[0] and place.key == self._root:
                below = number
        kept = tuple(place for place, _ in stack[below:])
        if not below:
            self._others[kept] = self._others.get(kept, 0) + weight
            return
        self._stacks[kept] = self._stacks.get(kept, 0) + weight
        lines = {(*place.key, line) for place, line in stack[below:] if line}
        for key in lines:
            self._lines[key] = self._lines.get(key, 0) + weight

    def build(self) -> Observation:
        """What was collected."""
        return Observation(self._stacks, self._others, self._lines, self.samples, tuple(self.notes))
