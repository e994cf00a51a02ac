"""Tasks of an event loop in turns: a ``TaskGroup`` where there is one, else ``gather``."""

from __future__ import annotations

import asyncio
from typing import Any

UNITS = 30
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS


def heavy(x: int) -> int:
    """Three multiplications."""
    x = x * x % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


def light(x: int) -> int:
    """One multiplication."""
    return x * x % MODULUS


async def heavy_task(n: int) -> None:
    """Lets the others run between its calls."""
    for _ in range(n):
        heavy(START)
        await asyncio.sleep(0)


async def light_task(n: int) -> None:
    """Lets the others run between its calls."""
    for _ in range(n):
        light(START)
        await asyncio.sleep(0)


async def in_turns(n: int) -> None:
    """Two tasks of each kind."""
    group: Any = getattr(asyncio, "TaskGroup", None)
    if group is None:
        await asyncio.gather(heavy_task(n), light_task(n), heavy_task(n), light_task(n))
        return
    async with group() as tasks:
        for task in (heavy_task, light_task, heavy_task, light_task):
            tasks.create_task(task(n))


LOOP = asyncio.new_event_loop()


def work(n: int) -> None:
    """One run of the loop; it is not made anew, since that would take longer than the tasks."""
    LOOP.run_until_complete(in_turns(n))
