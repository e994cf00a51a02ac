"""The time of a run in the reference engine: of the system, or by a custom clock."""

from __future__ import annotations

import time
from typing import Callable


def stopwatch(clock: Callable[[], float] | None) -> Callable[[], int]:
    """A function that gives the nanoseconds since now."""
    if clock is None:
        now_ns = time.perf_counter_ns
        start_ns = now_ns()
        return lambda: now_ns() - start_ns
    start = clock()
    custom = clock

    def elapsed_ns() -> int:
        __tracebackhide__ = True
        return round((custom() - start) * 1e9)

    round((start - start) * 1e9)  # a clock that does not give numbers is found out now
    return elapsed_ns
