"""The same function under two callers, which goes on to another leaf for each of them."""

from __future__ import annotations

UNITS = 3000
BELOW_100_NS = True


def rising(x: int) -> int:
    """Reaches ``add_one`` through ``step``, never ``take_one``."""
    return step(x, True)


def falling(x: int) -> int:
    """Reaches ``take_one`` through ``step``, never ``add_one``."""
    return step(x, False)


def step(x: int, up: bool) -> int:
    """What both callers share."""
    if up:
        return add_one(x)
    return take_one(x)


def add_one(x: int) -> int:
    """A leaf."""
    return x + 1


def take_one(x: int) -> int:
    """A leaf."""
    return x - 1


def work(n: int) -> None:
    """Both ways, *n* times."""
    for i in range(n):
        rising(i)
        falling(i)
