"""A function whose lines take times of known ratios, in operators and in calls of one function."""

from __future__ import annotations

UNITS = 30

M = 3**1200
START = 7**900 % M


def by_operators(x: int) -> int:
    """Lines of one, two and four multiplications, and nothing that a sampler could stop at."""
    a = x * x % M  # weight 1
    b, c = x * x % M, x * x % M  # weight 2
    d, e, f, g = x * x % M, x * x % M, x * x % M, x * x % M  # weight 4
    return a ^ b ^ c ^ d ^ e ^ f ^ g


def multiplied(x: int) -> int:
    """One multiplication."""
    return x * x % M


def by_calls(x: int) -> int:
    """Lines of one and three calls."""
    a = multiplied(x)  # weight 1
    b = multiplied(x) ^ multiplied(x) ^ multiplied(x)  # weight 3
    return a ^ b


def work(n: int) -> int:
    """Calls both *n* times."""
    x = START
    for _ in range(n):
        by_operators(START)
        x ^= by_calls(START)
    return x
