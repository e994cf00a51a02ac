"""The bottom of the text report: what the numbers rest on, and how to see what is not shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..units import short_duration
from .styles import Line, printable

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

ENOUGH_SAMPLES = 100
"""From here on a share is good to 5 points, and no warning is given."""


def facts_lines(session: Session) -> list[Line]:
    """Which engine sampled and why, and the interval it reached beside the one wanted."""
    facts = session.recording.facts
    lines: list[Line] = []
    if facts.engine:
        reason = printable(facts.engine_reason.rstrip("."))
        if not reason.startswith(facts.engine):
            reason = f"{facts.engine}. {reason}" if reason else facts.engine
        lines.append([(f"Engine: {reason}", "dim")])
    if facts.sample_count and facts.interval_ns:
        reached = short_duration(facts.duration_ns / facts.sample_count)
        wanted = short_duration(facts.interval_ns)
        lines.append([(f"Interval: {wanted} wanted, {reached} reached", "dim")])
    return lines


def warning_lines(session: Session, unicode: bool) -> list[Line]:
    """What makes the numbers less than they seem."""
    facts = session.recording.facts
    lines: list[Line] = [[(f"Note: {printable(note)}", "warning")] for note in facts.notes]
    count = facts.sample_count
    if 0 < count < ENOUGH_SAMPLES:
        # Standard error of a share seen in `count` independent samples, at its worst (one half):
        # sqrt(0.5 * 0.5 / count).
        margin = round(100 * 0.5 / math.sqrt(count))
        sign = "±" if unicode else "+-"
        samples = "1 sample" if count == 1 else f"{count} samples"
        lines.append([(f"{samples}: treat shares as {sign}{margin} %", "warning")])
    return lines


def hidden_legend() -> Line:
    text = "Hidden frames: library code, or --hide. To show them: --show-all (show_all=True)"
    return [(text, "dim")]


def folded_legend(levels: int) -> Line:
    text = f"{levels}+ before a line: it is that many calls deep; its indentation starts again"
    return [(text, "dim")]
