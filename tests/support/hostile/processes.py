"""Processes of ``multiprocessing``, by every start method of the platform."""

from __future__ import annotations

import multiprocessing
import sys
from typing import Any


def work(queue: Any, number: int) -> None:
    """Sends a result; number 1 ends with a status of its own."""
    queue.put((number, sum(sorted(range(1000), key=lambda value: -value))))
    if number == 1:
        sys.exit(7)


def run() -> list[object]:
    """Results and exit statuses."""
    found: list[object] = []
    for method in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context(method)
        # No Pool and no Queue: their threads make later forks a reason to warn.
        queue: Any = context.SimpleQueue()
        processes = [
            context.Process(target=work, args=(queue, number))  # type: ignore[attr-defined]
            for number in range(2)
        ]
        for process in processes:
            process.start()
        results = sorted(queue.get() for _ in processes)
        for process in processes:
            process.join()
        found.append((method, results, [process.exitcode for process in processes]))
    return found


if __name__ == "__main__":
    print(run())
