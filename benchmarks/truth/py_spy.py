"""The reference up to 3.13: py-spy, which stops the program while it looks at its stack."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Sequence

from truth import driving
from truth.observation import Observation, ObservationBuilder, Place

RATE = 1000
"""Looks a second; more would mostly be time in which the program stands still."""

_FRAME = re.compile(r"(?P<function>.+?) \((?P<file>.*?)(?::(?P<line>\d+))?\)")

_SHIM = Place("__init__", "__init__", 0)
"""A frame that the interpreter (3.12, 3.13) puts below ``__init__``: nobody's function."""


def py_spy_command(py_spy: Path, output: Path, program: Sequence[str]) -> list[str]:
    """Runs *program* under py-spy, which may always look at its own child."""
    options = ["--rate", str(RATE), "--format", "raw", "--full-filenames", "--output", str(output)]
    # Threads that wait count too: the others measure wall time.
    return [str(py_spy), "record", "--idle", *options, "--", *program]


def parse_raw(text: str) -> Observation:
    """From py-spy's raw format: ``function (file:line);function (file:line) samples`` a line."""
    builder = ObservationBuilder(driving.ROOT)
    for row in text.splitlines():
        path, _, count = row.rpartition(" ")
        if not path.strip():
            continue  # looks at which there was no stack
        frames = [_parse_frame(frame) for frame in path.split(";")]
        builder.add([frame for frame in frames if frame[0] != _SHIM], int(count))
        builder.samples += int(count)
    return builder.build()


def _parse_frame(text: str) -> tuple[Place, int]:
    found = _FRAME.fullmatch(text)
    if found is None:
        raise ValueError(f"py-spy wrote a frame that is not understood: {text!r}")
    # Qualified where the version has qualified names: the others tell the plain one.
    function = found["function"].rpartition(".")[2]
    return Place(function, found["file"], 0), int(found["line"] or 0)
