"""Traces its own allocations with ``tracemalloc``."""

from __future__ import annotations

import tracemalloc


def made(number: int) -> list[bytearray]:
    """Objects of which it is known where they came from."""
    return [bytearray(100) for _ in range(number)]


def run() -> list[object]:
    """The lines that allocated what is kept."""
    was_tracing = tracemalloc.is_tracing()
    tracemalloc.start(5)
    kept = [one for _ in range(20) for one in made(20)]
    sorted(range(1000), key=lambda number: -number)
    lines = set()
    for one in kept:
        where = tracemalloc.get_object_traceback(one)
        lines.add(where[-1].lineno if where is not None else 0)
    is_snapshot_whole = bool(tracemalloc.take_snapshot().traces)
    if not was_tracing:
        tracemalloc.stop()
    return [sorted(lines), is_snapshot_whole, tracemalloc.is_tracing()]


if __name__ == "__main__":
    print(run())
