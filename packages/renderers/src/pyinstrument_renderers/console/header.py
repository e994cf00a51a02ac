"""The top of the text report: what was profiled, when, and how much of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .styles import Line, printable

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

LOGO = (
    " |-- p y i n s t r u m e n t --|",
    " |--------|-----|  |---|",
    "   |---|    |--|",
)
"""A call tree growing down, as wide as its time."""

_FACTS_COLUMN = 37
_SHORT_WIDTH = 53


def header(session: Session, width: int | None) -> list[Line]:
    """Logo (where it fits), facts and title, with an empty line above, between and below."""
    facts = session.facts
    started = time.strftime("%H:%M:%S", time.localtime(facts.start_time_ns / 1e9))
    duration = f"Duration: {facts.duration_ns / 1e9:<10.3f}"
    columns = (
        f"Recorded: {started}  Samples:  {facts.sample_count}",
        f"{duration}CPU time: {facts.process_cpu_ns / 1e9:.3f}",
        facts.python,
    )
    top: list[Line] = [[(text, "")] for text in columns if text]
    if width is None or width >= _FACTS_COLUMN + max(map(len, columns)):
        top = [
            [(logo.ljust(_FACTS_COLUMN if text else 0), "logo"), (text, "")]
            for logo, text in zip(LOGO, columns)
        ]
    return [[], *top, [], [(printable(session.target_description), "")], []]


def short_header(session: Session, width: int | None) -> list[Line]:
    """One dotted line and the title, for reports in the middle of a program's own output."""
    banner = "pyinstrument "
    dots = "." * (_short_width(width) - len(banner))
    return [
        [(banner, "logo"), (dots, "dim")],
        [],
        [(printable(session.target_description), "")],
        [],
    ]


def short_footer(width: int | None) -> Line:
    """The line that ends what ``short_header`` began."""
    return [("." * _short_width(width), "dim")]


def _short_width(width: int | None) -> int:
    return _SHORT_WIDTH if width is None else min(_SHORT_WIDTH, width)
