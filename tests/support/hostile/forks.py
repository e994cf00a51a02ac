"""Children of ``fork``, of children too, that work and end in different ways."""

from __future__ import annotations

import os

CHILDREN = 6


def work(number: int) -> int:
    """Something to sample."""
    return sum(sorted(range(500), key=lambda value: -value)) % 256 ^ number


def child(number: int) -> int:
    """What a child does, and its exit status."""
    if number % 3 == 2:
        grandchild = os.fork()
        if not grandchild:
            os._exit(work(number) % 128)
        return os.waitpid(grandchild, 0)[1] >> 8
    return work(number) % 128


def run() -> list[int]:
    """Exit statuses of all children."""
    statuses = []
    for number in range(CHILDREN):
        process = os.fork()
        if not process:
            try:
                os._exit(child(number))
            finally:
                os._exit(255)
        work(number)
        statuses.append(os.waitpid(process, 0)[1])
    return statuses


if __name__ == "__main__":
    print(run())
