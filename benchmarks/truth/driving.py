"""The loop around a program's work: below its frame is the program, above it the harness."""

from __future__ import annotations

import gc
import time
from typing import Callable

ROOT = ("repeat_until", "driving.py")
"""Function and file of the frame that stacks are cut at."""


def repeat_until(work: Callable[[int], object], units: int, deadline: float) -> int:
    """Works until ``time.perf_counter()`` has passed *deadline*, once at least.

    The collector runs between rounds, and only there: within them it would come at whichever
    allocation makes up its number, and a profiler in the process adds allocations of its own.
    """
    gc.disable()
    rounds = 0
    try:
        while True:
            work(units)
            rounds += 1
            gc.collect(0)
            if time.perf_counter() >= deadline:
                return rounds
    finally:
        gc.enable()
