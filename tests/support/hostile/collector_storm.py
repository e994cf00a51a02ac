"""The collector runs at nearly every allocation, and what it collects runs code, makes new garbage
or comes back to life.
"""

from __future__ import annotations

import gc
import weakref
from typing import ClassVar

ROUNDS = 150


class Garbage:
    """A cycle whose end runs code of the program."""

    finalized = 0
    revived: ClassVar[list[Garbage]] = []

    def __init__(self, generation: int = 0) -> None:
        self.itself = self
        self.generation = generation

    def __del__(self) -> None:
        cls = type(self)
        cls.finalized += 1
        sorted(range(5), key=lambda number: -number)
        if self.generation < 2:
            cls(self.generation + 1)
        elif len(cls.revived) < 10:
            cls.revived.append(self)


def run() -> list[int]:
    """How many finalizers and weak references were called: all of them."""
    Garbage.finalized = 0
    called: list[int] = []
    references = []
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(1, 1, 1)
    try:
        for number in range(ROUNDS):
            garbage = Garbage()
            references.append(weakref.ref(garbage, lambda reference: called.append(1)))
            del garbage
            assert sum(len([k]) for k in range(number % 5)) == number % 5
    finally:
        gc.set_threshold(*thresholds)
    # Each collection makes garbage of the next generation.
    for _ in range(5):
        gc.collect()
    revived = len(Garbage.revived)
    Garbage.revived.clear()
    gc.collect()
    return [Garbage.finalized, len(called), revived]


if __name__ == "__main__":
    print(run())
