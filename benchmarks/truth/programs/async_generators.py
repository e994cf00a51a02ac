"""Async generators and coroutines, driven by hand: an event loop would be most of the program."""

from __future__ import annotations

from typing import Any, AsyncIterator, Coroutine, Generator

UNITS = 60
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS


class Pause:
    """Awaiting it hands control to who drives the coroutine."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def heavy(x: int) -> int:
    """Three multiplications."""
    x = x * x % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


async def light(x: int) -> int:
    """One multiplication."""
    return x * x % MODULUS


async def values(n: int) -> AsyncIterator[int]:
    """Awaits between what it yields."""
    x = START
    for _ in range(n):
        x = await heavy(x)
        await Pause()
        yield x
        x = await light(x)
        yield x


async def consume(n: int) -> int:
    """Draws from the async generator, and awaits in between too."""
    total = 0
    async for x in values(n):
        total ^= x
        await Pause()
    return total


def drive(coroutine: Coroutine[Any, Any, int]) -> int:
    """Resumes until it returns."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return int(stop.value)


def work(n: int) -> None:
    """One coroutine from its start to its end."""
    drive(consume(n))
