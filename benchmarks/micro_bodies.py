"""Our own micro-cases: each stresses one kind of event that a profiler may have to look at.

They bound the overhead from above: real programs do more between two calls than these.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Callable, Iterator

Repeatable = Callable[[int], object]
"""Runs a case that many times."""


def _fib(n: int) -> int:
    return n if n < 2 else _fib(n - 1) + _fib(n - 2)


def fib(loops: int) -> None:
    """Python calls that do nothing else."""
    for _ in range(loops):
        _fib(19)


class _Counter:
    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def get(self) -> int:
        return self.value

    def add(self, amount: int) -> None:
        self.value += amount


def methods(loops: int) -> None:
    """Short method calls."""
    counter = _Counter()
    for _ in range(loops * 10_000):
        counter.add(counter.get() & 3)


def c_calls(loops: int) -> None:
    """Functions written in C, called from a loop."""
    lengths: list[int] = []
    for number in range(loops * 20_000):
        lengths.append(len(repr(number)))


def loop(loops: int) -> None:
    """No call at all."""
    total = 0
    for number in range(loops * 100_000):
        total += number * number % 7


def _numbers(stop: int) -> Iterator[int]:
    for number in range(stop):  # noqa: UP028 - resuming it is what is measured
        yield number


def generator(loops: int) -> None:
    """A generator that is resumed again and again."""
    total = 0
    for number in _numbers(loops * 50_000):
        total += number


def json_round_trip(loops: int) -> None:
    """A few long C calls."""
    document = {"rows": [1, 2, 3, {"name": "c" * 10}] * 5}
    for _ in range(loops * 200):
        json.loads(json.dumps(document))


def regex(loops: int) -> None:
    """Compiling a pattern (Python) and running it (one C call)."""
    text = "someone@example.org, nobody, someone.else@mail.example.com; " * 200
    for _ in range(loops):
        re.purge()
        re.compile(r"[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}").findall(text)


def _descend(depth: int) -> int:
    if depth == 0:
        return sum(range(50))
    return _descend(depth - 1)


def deep_recursion(loops: int) -> None:
    """Samples of deep stacks: their cost must not grow with the depth."""
    for _ in range(loops * 20):
        _descend(800)


def _refuse(number: int) -> None:
    raise ValueError(number)


def exceptions(loops: int) -> None:
    """Frames left by an exception instead of a return."""
    for number in range(loops * 5_000):
        try:
            _refuse(number)
        except ValueError:
            pass


async def _step(times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


async def _steps(tasks: int) -> None:
    await asyncio.gather(*(_step(50) for _ in range(tasks)))


def async_tasks(loops: int) -> None:
    """Tasks that switch all the time."""
    for _ in range(loops):
        asyncio.run(_steps(20))


CASES: dict[str, Repeatable] = {
    "fib": fib,
    "methods": methods,
    "c_calls": c_calls,
    "loop": loop,
    "generator": generator,
    "json": json_round_trip,
    "regex": regex,
    "deep_recursion": deep_recursion,
    "exceptions": exceptions,
    "async_tasks": async_tasks,
}
