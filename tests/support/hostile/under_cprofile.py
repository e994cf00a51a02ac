"""Counts its own calls with ``cProfile``."""

from __future__ import annotations

import cProfile
import pstats
from typing import Any


def leaf(number: int) -> int:
    """Called very often."""
    return abs(number)


def work(number: int) -> int:
    """Calls it."""
    return sum(leaf(value) for value in range(number))


def counts() -> dict[str, int]:
    """Calls of this file's functions."""
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(10):
        work(50)
    profile.disable()
    stats: Any = pstats.Stats(profile)
    return {
        name: calls
        for (file, _, name), (_, calls, _, _, _) in sorted(stats.stats.items())
        if file == __file__
    }


def run() -> list[object]:
    """The same counts each time."""
    found = [counts() for _ in range(10)]
    return [all(one == found[0] for one in found), found[0]]


if __name__ == "__main__":
    print(run())
