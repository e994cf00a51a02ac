"""C functions that outlast many intervals, with the GIL held and without it, 3 : 1 in length."""

from __future__ import annotations

import threading
import time

UNITS = 1
SHARES = {"held_long": 3, "held_short": 1}
TOTAL_SHARES = {"released_long": 3, "released_short": 1}

NUMBERS = range(40_000)
LONG = range(120_000)
LOCK = threading.Lock()


def held_long() -> int:
    """Three units in which no other thread can run."""
    return sum(LONG)


def held_short() -> int:
    """One unit in which no other thread can run."""
    return sum(NUMBERS)


def released_long() -> None:
    """Three units of waiting."""
    time.sleep(0.006)
    LOCK.acquire(timeout=0.006)


def released_short() -> None:
    """One unit of waiting."""
    time.sleep(0.002)
    LOCK.acquire(timeout=0.002)


LOCK.acquire()


def work(n: int) -> None:
    """Each of them, *n* times; what computes more often, since it is shorter."""
    for _ in range(n):
        for _ in range(4):
            held_long()
            held_short()
        released_long()
        released_short()
