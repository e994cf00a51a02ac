"""Greenlets: stacks that are switched below the interpreter, left unfinished and collected."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# By name: it has no types, and is not installed everywhere.
greenlet: Any = import_module("greenlet").greenlet


def work(depth: int) -> int:
    """Switches away from within a stack of that depth."""
    if depth:
        return work(depth - 1) + 1
    main = greenlet.getcurrent().parent
    return int(main.switch(0)) + len(sorted(range(20), key=lambda number: -number))


def run() -> list[object]:
    """What came back from all of them."""
    total, thrown = 0, ""
    for _ in range(20):
        workers = [greenlet(work) for _ in range(10)]
        for depth, worker in enumerate(workers):
            worker.switch(depth * 5)
        for number, worker in enumerate(workers[:-2]):
            total += worker.switch(number)
        try:
            workers[-2].throw(LookupError("thrown"))
        except LookupError as error:
            thrown = repr(error)
        # The last one is left where it is; its end comes with its collection.
    return [total, thrown]


if __name__ == "__main__":
    print(run())
