"""Generators, coroutines and async generators that are resumed, closed, thrown into, left to the
collector and switched by tasks.
"""

from __future__ import annotations

import asyncio
from typing import AsyncIterator, Generator


def numbers(stop: int, ends: list[str]) -> Generator[int, int, str]:
    """Counts, and says how it ended."""
    try:
        for number in range(stop):
            received = yield number
            if received:
                ends.append(f"sent {received}")
        return "exhausted"
    except ValueError as error:
        ends.append(repr(error))
        return "thrown into"
    finally:
        ends.append("ended")


def drive() -> list[str]:
    """One generator for each way to end."""
    ends: list[str] = []
    ends.append(str(sum(numbers(50, ends))))
    sent = numbers(5, ends)
    next(sent)
    sent.send(7)
    sent.close()
    thrown = numbers(5, ends)
    next(thrown)
    try:
        thrown.throw(ValueError("thrown"))
    except StopIteration as error:
        ends.append(error.value)
    left = numbers(5, ends)
    next(left)
    del left
    return ends


async def ticks(stop: int) -> AsyncIterator[int]:
    """An async generator that gives way to other tasks."""
    for number in range(stop):
        await asyncio.sleep(0)
        yield number


async def task(stop: int) -> int:
    """Consumes one to its end and leaves another."""
    total = 0
    async for number in ticks(stop):
        total += number
    left = ticks(3)
    async for number in left:
        total += number
        break
    await left.aclose()  # type: ignore[attr-defined]  # an async generator, known as an iterator
    return total


async def tasks() -> list[object]:
    """Many at once, one of them cancelled."""
    cancelled = asyncio.ensure_future(task(10_000))
    found: list[object] = list(await asyncio.gather(*(task(stop) for stop in range(20))))
    cancelled.cancel()
    try:
        await cancelled
    except asyncio.CancelledError:
        found.append("cancelled")
    return found


def run() -> list[object]:
    """How everything ended."""
    ways = [drive() for _ in range(40)]
    return [all(way == ways[0] for way in ways), ways[0], asyncio.run(tasks())]


if __name__ == "__main__":
    print(run())
