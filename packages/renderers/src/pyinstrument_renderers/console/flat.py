"""A list of functions with what each took, wherever it was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from .frame_names import function_name, function_place
from .styles import Line

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallTree

    from .frame_line import FrameWriter

MIN_SHARE = 0.001
"""Rows of no more than this share of the whole are left out, unless all are wanted."""


def flat_lines(
    tree: CallTree, writer: FrameWriter, *, by_total: bool, show_all: bool
) -> Iterator[Line]:
    """One line a function, costliest first; *by_total* counts what it called, recursion once.

    *tree* must not be pruned: what a pruned call took would be counted for its caller.
    """
    from pyinstrument_model.flat_profile import function_totals

    rows = function_totals(tree)
    if by_total:
        rows.sort(key=lambda row: (-row.total_ns, row.function.key))
    least = -1 if show_all else tree.total_ns * MIN_SHARE
    for row in rows:
        spent = row.total_ns if by_total else row.self_ns
        if spent > least:
            function = row.function
            yield writer.frame(
                "",
                spent,
                function_name(function, row.class_name),
                function_place(function),
                bool(function.is_application_code),
            )
