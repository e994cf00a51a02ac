"""Two functions that call each other, and one that calls itself twice."""

from __future__ import annotations

UNITS = 12
BELOW_100_NS = True


def is_even(x: int) -> bool:
    """Down by one, in the other function."""
    return True if x == 0 else is_odd(x - 1)


def is_odd(x: int) -> bool:
    """Down by one, in the other function."""
    return False if x == 0 else is_even(x - 1)


def fibonacci(x: int) -> int:
    """The textbook's recursion."""
    return x if x < 2 else fibonacci(x - 1) + fibonacci(x - 2)


def work(n: int) -> None:
    """*n* descents and *n* small trees."""
    for i in range(n):
        is_even(20 + (i & 1))
        fibonacci(8)
