"""C functions that take three units of time and one."""

from __future__ import annotations

import zlib

UNITS = 12
SHARES = {"long_sum": 3, "short_sum": 1}

NUMBERS = list(range(1_000))
LONG = NUMBERS * 3
DATA = bytes(20_000)


def long_sum() -> int:
    """Three units."""
    return sum(LONG)


def short_sum() -> int:
    """One unit."""
    return sum(NUMBERS)


def checksums() -> int:
    """Three units on one line, one on another."""
    a = zlib.crc32(DATA) + zlib.crc32(DATA) + zlib.crc32(DATA)  # weight 3
    b = zlib.crc32(DATA)  # weight 1
    return a ^ b


def work(n: int) -> None:
    """All of them, *n* times."""
    for _ in range(n):
        long_sum()
        short_sum()
        checksums()
