"""Figures of the benchmarks as text: averages, Markdown tables, the machine they are from."""

from __future__ import annotations

import datetime
import math
import os
import platform
from pathlib import Path
from typing import Iterable, Sequence


def geometric_mean(values: Sequence[float]) -> float:
    """The average of one or more ratios."""
    return math.exp(sum(map(math.log, values)) / len(values))


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, numbers to the right."""
    lines: list[Sequence[str]] = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first = cells[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]
        return "| " + " | ".join([first, *rest]) + " |"

    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(header), line(marks), *map(line, lines[1:])])


def machine() -> str:
    """One line that says where and when figures were made."""
    today = datetime.date.today().isoformat()
    system = f"{platform.system()} {platform.machine()}"
    return f"{_processor()}, {os.cpu_count()} cores, {system}, {today}"


def _processor() -> str:
    """The model's name; what ``platform`` knows is often just the architecture."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown processor"
    for line in text.splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
