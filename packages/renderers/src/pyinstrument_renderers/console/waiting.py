"""Marks the frames in which time passed without the thread running.

Where a frame waited because of what it called, only the latter is marked: a mark on every line
from the root to a sleep would say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Sequence

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

    from .tree_rows import Row

MIN_SHARE_OF_ROOT = 0.1
"""Of the report's time (where there are several threads, of the thread's own)."""
MIN_SHARE_OF_FRAME = 0.5
"""Of the frame's time, without calls that are marked themselves."""


def may_wait(session: Session) -> bool:
    """Whether any frame can have waited enough for a mark. Cheap: most programs have none."""
    if not session.facts.cpu_clock:
        return False
    samples = session.recording.samples
    waited = sum(samples.duration_ns) - sum(samples.cpu_ns)
    longest = session.facts.duration_ns
    return waited >= longest * MIN_SHARE_OF_ROOT * MIN_SHARE_OF_FRAME


class _Explained(NamedTuple):
    """What is below rows that say themselves that they waited."""

    total_ns: int = 0
    waited_ns: int = 0


def waiting_marks(rows: Sequence[Row]) -> dict[int, str]:
    """By ``id`` of the node: ``waiting 98%``. *rows* are all of one tree, top down."""
    least = rows[0].node.total_ns * MIN_SHARE_OF_ROOT
    marks: dict[int, str] = {}
    # By depth: for the row to come, what its children explain.
    explained = [_Explained()] * (max(row.depth for row in rows) + 2)
    for node, depth, *_ in reversed(rows):
        said = explained[depth + 1]
        explained[depth + 1] = _Explained()
        if node.total_ns >= least:
            waited = node.waiting_ns
            rest, rest_waited = node.total_ns - said.total_ns, waited - said.waited_ns
            if node.is_synthetic_leaf and node.function != "[self]":
                said = _Explained(node.total_ns, waited)  # [await] says it
            elif rest_waited >= max(least, rest * MIN_SHARE_OF_FRAME):
                marks[id(node)] = f"waiting {waited / node.total_ns * 100:.0f}%"
                said = _Explained(node.total_ns, waited)
        before = explained[depth]
        explained[depth] = _Explained(
            before.total_ns + said.total_ns, before.waited_ns + said.waited_ns
        )
    return marks
