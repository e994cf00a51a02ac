"""Work of ours that must not keep an event loop's other tasks waiting."""

from __future__ import annotations

import asyncio
from typing import Callable, TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Runs *work* where it does not keep the event loop's other tasks waiting, if there is a way.

    asyncio alone is asked: it needs no package, and other loops are rare behind ASGI servers.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return work()
    # Servers cancel the task of a client that is gone; what was begun, a file say, is finished.
    return await asyncio.shield(loop.run_in_executor(None, work))
