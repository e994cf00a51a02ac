"""Exceptions through many frames, from finalizers, generators and context managers, and their
tracebacks line by line.
"""

from __future__ import annotations

import contextlib
import traceback
from typing import Iterator


class Refusal(Exception):
    """Raised by the program."""


@contextlib.contextmanager
def renamed() -> Iterator[None]:
    """Turns one exception into another."""
    try:
        yield
    except Refusal as error:
        raise LookupError("renamed") from error


def climb(levels: int) -> int:
    """Raises *levels* calls below."""
    if levels:
        try:
            return climb(levels - 1)
        finally:
            sorted([levels, 1], key=lambda number: -number)
    raise Refusal(levels)


def told() -> list[str]:
    """Where an exception came through, and what it was caused by."""
    try:
        with renamed():
            climb(40)
    except LookupError as error:
        cause = error.__cause__
        assert cause is not None
        steps = traceback.extract_tb(cause.__traceback__)
        return [f"{step.name}:{step.lineno}" for step in steps] + [repr(error), repr(cause)]
    return ["nothing was raised"]


def run() -> list[object]:
    """Everything told is the same each time."""
    tales = [told() for _ in range(150)]
    return [all(tale == tales[0] for tale in tales), tales[0]]


if __name__ == "__main__":
    print(run())
