"""How deep the recursion limit lets a program go, by calls, through C and through generators."""

from __future__ import annotations

import sys
from typing import Callable, Iterator


def by_calls() -> int:
    """Calls to the limit."""
    try:
        return 1 + by_calls()
    except RecursionError:
        return 1


def through_c(depth: list[int]) -> int:
    """Calls to the limit, every second of them from C."""
    depth[0] += 1
    return max([0], key=lambda number: through_c(depth))


def by_generators(levels: int) -> Iterator[int]:
    """A chain of generators to the limit."""
    yield levels
    yield from by_generators(levels + 1)


def depth_of(count: Callable[[], int]) -> list[int]:
    """The same again and again."""
    return sorted({count() for _ in range(5)})


def count_through_c() -> int:
    """See :func:`through_c`."""
    depth = [0]
    try:
        through_c(depth)
    except RecursionError:
        pass
    return depth[0]


def count_by_generators() -> int:
    """See :func:`by_generators`."""
    deepest = 0
    try:
        for level in by_generators(0):
            deepest = level
    except RecursionError:
        pass
    return deepest


def run() -> list[object]:
    """The limit and the depths."""
    counts = (by_calls, count_through_c, count_by_generators)
    return [sys.getrecursionlimit(), *map(depth_of, counts)]


if __name__ == "__main__":
    print(run())
