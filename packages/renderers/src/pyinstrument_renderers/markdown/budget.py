"""Keeps a text within a number of tokens, as language models count."""

from __future__ import annotations

from typing import Iterable, Sequence

BYTES_A_TOKEN = 3
"""Code, paths and numbers take a token for about this many bytes; prose for more."""


def tokens(lines: Iterable[str]) -> int:
    """How many tokens lines of text are, rather too many than too few."""
    size = sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)
    return -(-size // BYTES_A_TOKEN)


def cut_middle(lines: Sequence[str], budget: int) -> list[str]:
    """*lines* without some from their middle, if they are more than *budget* tokens.

    The first line stays, whatever the budget.
    """
    if tokens(lines) <= budget:
        return list(lines)
    budget -= tokens([_left_out(len(lines))])
    top, bottom = 0, len(lines)
    while top < bottom:
        # Two lines from the top for each from the bottom: callers say more than what is short.
        is_top = top <= 2 * (len(lines) - bottom)
        cost = tokens([lines[top] if is_top else lines[bottom - 1]])
        if cost > budget and top:
            break
        budget -= cost
        top, bottom = (top + 1, bottom) if is_top else (top, bottom - 1)
    return [*lines[:top], _left_out(bottom - top), *lines[bottom:]]


def _left_out(count: int) -> str:
    return f"... {count} lines left out ..."
