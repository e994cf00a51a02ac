"""Exceptions that travel through many frames: caught, raised again, cleaned up after."""

from __future__ import annotations

UNITS = 25


class Trouble(Exception):
    """What is raised."""


def raise_at(depth: int) -> None:
    """Raises so many frames further down."""
    if depth == 0:
        raise Trouble
    try:
        raise_at(depth - 1)
    finally:
        note(depth)


def note(depth: int) -> int:
    """Runs while the exception is on its way."""
    return depth * 3 % 7


def wrap(depth: int) -> None:
    """Turns one exception into another."""
    try:
        raise_at(depth)
    except Trouble as trouble:
        raise ValueError("wrapped") from trouble


def handle(depth: int) -> int:
    """Catches, and looks at what it caught."""
    try:
        wrap(depth)
    except ValueError as error:
        return explain(error)
    return 0


def explain(error: ValueError) -> int:
    """Walks the traceback."""
    frames = 0
    step = error.__traceback__
    while step is not None:
        frames += 1
        step = step.tb_next
    return frames


def work(n: int) -> None:
    """*n* exceptions through 20 frames, and through 3."""
    for _ in range(n):
        handle(20)
        handle(3)
