"""Text put into Markdown so that nothing in it is taken for Markdown or HTML."""

from __future__ import annotations

import re

from ..console.styles import printable

_BACKTICKS = re.compile("`+")


def code(text: str) -> str:
    """*text* as a code span on one line."""
    shown = printable(text)
    fence = "`" * (1 + _longest_run(shown))
    # A span is told from its fence by a space, which readers strip.
    space = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{space}{shown}{space}{fence}"


def cell(text: str) -> str:
    """What stands in a column of a table: a bar in it would end it, even in a code span."""
    return text.replace("|", "\\|")


def code_block(lines: list[str]) -> list[str]:
    """Lines between fences that none of them can be taken for."""
    fence = "`" * max(3, 1 + max(map(_longest_run, lines), default=0))
    return [f"{fence}text", *lines, fence]


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
