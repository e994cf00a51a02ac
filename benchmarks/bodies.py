"""Every body that the overhead benchmark can run, by name, scaled to a wanted duration."""

from __future__ import annotations

import time
from typing import Callable, NamedTuple

import micro_bodies
import program_bodies
import pyperformance_bodies

GROUPS: dict[str, tuple[str, ...]] = {
    "pyperformance": pyperformance_bodies.NAMES,
    "micro": tuple(micro_bodies.CASES),
    "programs": tuple(program_bodies.PROGRAMS),
    "deep": tuple(program_bodies.DEEP),
    "threads": tuple(program_bodies.THREADS),
}
"""Names of the bodies; averages are made within a group."""

OF_ONE_THREAD = tuple(
    name for group, names in GROUPS.items() for name in names if group != "threads"
)
"""Bodies that make no threads of their own: the average over everything is theirs."""

_OURS = {
    **micro_bodies.CASES,
    **program_bodies.PROGRAMS,
    **program_bodies.DEEP,
    **program_bodies.THREADS,
}

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
    run = _OURS[name] if name in _OURS else pyperformance_bodies.load(name)
    run(1)  # caches, specialised bytecode
    loops = 1
    while True:
        start = time.perf_counter()
        run(loops)
        took = time.perf_counter() - start
        if took >= seconds / 2:
            return Body(name, run, max(1, round(loops * seconds / took)))
        loops *= max(2, int(seconds / 2 / max(took, 1e-9)))
