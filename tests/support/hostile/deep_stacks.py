"""Stacks far deeper than usual, of functions and of generators, growing and shrinking."""

from __future__ import annotations

import sys
from typing import Iterator

DEPTH = 800
GENERATORS = 300


def descend(levels: int) -> int:
    """Work at the end of a deep stack."""
    if levels:
        return descend(levels - 1) + 1
    return sum(sorted(range(50), key=lambda number: -number))


def chain(levels: int) -> Iterator[int]:
    """Values that pass through many generators."""
    if levels:
        yield from chain(levels - 1)
    else:
        yield from range(10)


def run() -> list[int]:
    """What came up from below."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + DEPTH + GENERATORS)
    try:
        return [descend(DEPTH), descend(DEPTH // 2), descend(DEPTH), *chain(GENERATORS)]
    finally:
        sys.setrecursionlimit(before)


if __name__ == "__main__":
    print(run())
