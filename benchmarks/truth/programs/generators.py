"""Generators that delegate, one heavier than the other, and a generator expression."""

from __future__ import annotations

from typing import Iterator

UNITS = 100
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS


def heavy(n: int) -> Iterator[int]:
    """Three multiplications an item."""
    x = START
    for _ in range(n):
        x = x * x % MODULUS
        x = x * x % MODULUS
        x = x * x % MODULUS
        yield x


def light(n: int) -> Iterator[int]:
    """One multiplication an item."""
    x = START
    for _ in range(n):
        x = x * x % MODULUS
        yield x


def both(n: int) -> Iterator[int]:
    """Delegates to one after the other."""
    yield from heavy(n)
    yield from light(n)


def work(n: int) -> int:
    """Draws from all of them."""
    total = 0
    for x in both(n):
        total ^= x
    for x, y in zip(heavy(n), light(n)):
        total ^= x ^ y
    return sum(1 for x in light(n) if x & 1) + sum(1 for x in heavy(n) if x & 1)
