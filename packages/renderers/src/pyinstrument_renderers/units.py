"""How times and shares are written."""

from __future__ import annotations

import math
from typing import Callable

MAX_DECIMALS = 9

TimeFormat = Callable[[int], str]
"""Nanoseconds → text."""


def decimals_for_interval(interval_ns: int) -> int:
    """How many decimals of a second an interval can back: 3 for 1 ms, 2 for 10 ms."""
    if interval_ns <= 0:
        return 3
    return min(MAX_DECIMALS, max(0, math.ceil(-math.log10(interval_ns / 1e9) - 1e-9)))


def seconds_format(interval_ns: int) -> TimeFormat:
    """Seconds, with the decimals that the interval can back."""
    decimals = decimals_for_interval(interval_ns)
    return lambda time_ns: f"{time_ns / 1e9:.{decimals}f}"


def percent_format(root_ns: int) -> TimeFormat:
    """Share of the root's time, one decimal."""
    if root_ns <= 0:
        return lambda time_ns: "0.0%"
    return lambda time_ns: f"{time_ns / root_ns * 100:.1f}%"


def short_duration(time_ns: float) -> str:
    """Three digits and a unit, for sentences: ``1.02 ms``, ``250 us``, ``10 s``."""
    for factor, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "us")):
        if time_ns >= factor:
            return f"{time_ns / factor:.3g} {unit}"
    return f"{time_ns:.3g} ns"
