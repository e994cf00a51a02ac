"""Leaf functions of some tens of nanoseconds in alternation, each with a caller of its own."""

from __future__ import annotations

UNITS = 4000
BELOW_100_NS = True


def left(x: int) -> int:
    """Calls only ``tripled``."""
    return tripled(x) + 1


def right(x: int) -> int:
    """Calls only ``folded``."""
    return folded(x) + 1


def tripled(x: int) -> int:
    """A leaf that only ``left`` calls."""
    return x * 3


def folded(x: int) -> int:
    """A leaf that only ``right`` calls."""
    return x * 5 % 7


def work(n: int) -> None:
    """One call of each side, *n* times."""
    for i in range(n):
        left(i)
        right(i)
