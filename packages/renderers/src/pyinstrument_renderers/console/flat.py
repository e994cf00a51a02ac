"""A list of functions with what each took, wherever it was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Sequence

from ..function_names import function_name, function_place

if TYPE_CHECKING:
    from pyinstrument_model.flat_profile import FunctionTotal

    from .frame_line import FrameWriter
    from .styles import Line

MIN_SHARE = 0.001
"""Rows of no more than this share of the whole are left out, unless all are wanted …"""
MIN_ROWS = 10
"""… or the list would be shorter than this: time may be spread thin."""


def flat_lines(
    totals: Sequence[FunctionTotal], writer: FrameWriter, *, by_total: bool, show_all: bool
) -> Iterator[Line]:
    """One line a function, costliest first; *by_total* counts what it called, recursion once."""
    spent = [(row.total_ns if by_total else row.self_ns, row) for row in totals]
    spent.sort(key=lambda item: (-item[0], -item[1].total_ns, item[1].function.key))
    least = writer.root_ns * MIN_SHARE
    for place, (time_ns, row) in enumerate(spent):
        if not show_all and time_ns <= (least if place >= MIN_ROWS else 0):
            break
        yield writer.frame(
            "",
            time_ns,
            function_name(row.function, row.class_name),
            function_place(row.function),
            row.is_application_code,
        )
