"""How two columns are written in session files so that they compress to nearly nothing.

distance: row number minus value. In a stack table a parent is mostly the row before: all ones.
gap: start minus the end of the same thread's previous row. Samples mostly follow each other: zeros.
"""

from __future__ import annotations

from array import array
from typing import Mapping

from pyinstrument_sampler.recording import IntColumn, Recording


def encode_column(encoding: str, column: IntColumn, recording: Recording) -> IntColumn:
    """A column of a recording as it is written."""
    if encoding == "distance":
        return array("I", [row - value for row, value in enumerate(column)])
    if encoding == "gap":
        samples = recording.samples
        ends: dict[int, int] = {}
        gaps = array("q")
        for start, spent, thread in zip(column, samples.duration_ns, samples.thread):
            gaps.append(start - ends.get(thread, 0))
            ends[thread] = start + spent
        return gaps
    return column


def decode_column(encoding: str, column: IntColumn, columns: Mapping[str, IntColumn]) -> IntColumn:
    """A column as it was; *columns* are all of the file, as written.

    Raises ``OverflowError`` for numbers that no recording could have.
    """
    if encoding == "distance":
        return array("I", [row - value for row, value in enumerate(column)])
    if encoding == "gap":
        ends: dict[int, int] = {}
        starts = array("q")
        for gap, spent, thread in zip(
            column, columns["samples.duration_ns"], columns["samples.thread"]
        ):
            start = ends.get(thread, 0) + gap
            starts.append(start)
            ends[thread] = start + spent
        return starts
    return column
