"""The reference from 3.15 on: the interpreter's own sampling profiler in its blocking mode, in
which it stops the program while it looks at its stack."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from truth import driving
from truth.observation import Observation, ObservationBuilder, Place

RATE = 1000
"""Looks a second, as of py-spy."""


def tachyon_command(output: Path, program: Sequence[str]) -> list[str]:
    """Runs *program*, which is a Python with its options, under it."""
    python, *options = program
    sampling = ["-m", "profiling.sampling", "run", "--blocking", "--no-gc"]
    return [python, *sampling, "-r", str(RATE), "--collapsed", "-o", str(output), *options]


def parse_collapsed(text: str) -> Observation:
    """From its collapsed format: ``tid:1;file:function:line;file:function:line samples`` a line,
    files without their folders."""
    builder = ObservationBuilder(driving.ROOT)
    for row in text.splitlines():
        path, _, count = row.rpartition(" ")
        frames = path.split(";")[1:]
        builder.add([_parse_frame(frame) for frame in frames], int(count))
        builder.samples += int(count)
    return builder.build()


def _parse_frame(text: str) -> tuple[Place, int]:
    start, _, line = text.rpartition(":")
    file, _, function = start.rpartition(":")
    if not file or not line.isdigit():
        raise ValueError(f"Tachyon wrote a frame that is not understood: {text!r}")
    return Place(function.rpartition(".")[2], file, 0), int(line)
