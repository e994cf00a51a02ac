"""Threads that start and end all the time, switch as often as possible, and use locals of their
own.
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

of_thread = threading.local()


def work(number: int) -> int:
    """Something to switch away from."""
    of_thread.number = number
    total = sum(sorted(range(number), key=lambda value: -value))
    return total if of_thread.number == number else -1


def run() -> list[object]:
    """What all of them computed."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        found: list[int] = []
        for number in range(30):
            thread = threading.Thread(target=lambda number=number: found.append(work(number)))
            thread.start()
            work(50)
            thread.join()
        with ThreadPoolExecutor(4) as pool:
            mapped = list(pool.map(work, range(200)))
        return [found, sum(mapped)]
    finally:
        sys.setswitchinterval(before)


if __name__ == "__main__":
    print(run())
