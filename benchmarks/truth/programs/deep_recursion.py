"""A recursion that winds up, works at its end and unwinds; the ends differ by a known ratio."""

from __future__ import annotations

UNITS = 8
TOTAL_SHARES = {"long_end": 3, "short_end": 1}

DEPTH = 150
MODULUS = 3**1200
START = 7**900 % MODULUS


def descend(depth: int, is_long: bool) -> int:
    """Goes down, and adds something on the way up."""
    if depth == 0:
        return long_end() if is_long else short_end()
    return descend(depth - 1, is_long) + 1


def long_end() -> int:
    """Three rounds."""
    return rounds(45)


def short_end() -> int:
    """One round."""
    return rounds(15)


def rounds(n: int) -> int:
    """*n* multiplications."""
    x = START
    for _ in range(n):
        x = x * x % MODULUS
    return x


def work(n: int) -> None:
    """*n* times down and up to each end."""
    for _ in range(n):
        descend(DEPTH, True)
        descend(DEPTH, False)
