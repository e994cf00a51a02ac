"""Measures its own coverage: lines that ran and lines that did not."""

from __future__ import annotations

from importlib import import_module
from typing import Any

coverage: Any = import_module("coverage")  # by name: not installed everywhere


def work(number: int) -> int:
    """Half of it is never run."""
    total = 0
    for value in range(number):
        if value < 0:
            total -= 1
        total += abs(value)
    if total < 0:
        return -1
    return total


def run() -> list[object]:
    """What work gives, and which of its lines ran."""
    measured = coverage.Coverage(data_file=None, include=[__file__], config_file=False)
    measured.start()
    results = {work(100) for _ in range(100)}
    measured.stop()
    return [sorted(results), sorted(measured.get_data().lines(__file__) or ())]


if __name__ == "__main__":
    print(run())
