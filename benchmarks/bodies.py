"""Every body that the overhead benchmark can run, by name, scaled to a wanted duration."""

from __future__ import annotations

import time
from typing import Callable, NamedTuple

import micro_bodies
import pyperformance_bodies

GROUPS: dict[str, tuple[str, ...]] = {
    "pyperformance": pyperformance_bodies.NAMES,
    "micro": tuple(micro_bodies.CASES),
}
"""Names of the bodies; averages are made within a group."""

ALL_NAMES = tuple(name for names in GROUPS.values() for name in names)


class Body(NamedTuple):
    """A piece of work, the same each time it runs."""

    name: str
    run: Callable[[int], object]
    loops: int
    """What to call ``run`` with."""


def load(name: str, seconds: float) -> Body:
    """The body *name*, warmed up and repeated so often that it takes about *seconds*, or once
    where it takes longer. Raises ``ImportError`` where what it needs is not installed."""
    if name in micro_bodies.CASES:
        run = micro_bodies.CASES[name]
    else:
        run = pyperformance_bodies.load(name)
    run(1)  # caches, specialised bytecode
    loops = 1
    while True:
        start = time.perf_counter()
        run(loops)
        took = time.perf_counter() - start
        if took >= seconds / 2:
            return Body(name, run, max(1, round(loops * seconds / took)))
        loops *= max(2, int(seconds / 2 / max(took, 1e-9)))
