"""Django's streaming responses: profiled to their ends, or read before a report replaces them."""

from __future__ import annotations

from itertools import chain
from typing import Any, AsyncIterator, Awaitable, Callable, Iterable, Iterator

from .hold_limit import HoldLimit


def hold(response: Any) -> None:
    """Reads the content, and puts it back in case it is wanted after all."""
    if getattr(response, "is_async", False):
        return  # nothing can be awaited here: its time is not in the report
    content = iter(response.streaming_content)
    response.streaming_content = chain(read(content), content)


def read(content: Iterator[bytes]) -> list[bytes]:
    """The pieces up to the limit."""
    __tracebackhide__ = True
    pieces: list[bytes] = []
    limit = HoldLimit()
    for piece in content:
        pieces.append(piece)
        if not limit.take(piece):
            break
    return pieces


async def hold_async(response: Any, in_thread: Callable[..., Awaitable[None]]) -> None:
    """As :func:`hold`, where there is an event loop; *in_thread* calls a function outside of it."""
    __tracebackhide__ = True
    if not getattr(response, "is_async", False):
        # As Django does: what reads from its database must not run in an event loop.
        await in_thread(hold, response)
        return
    content = response.streaming_content
    pieces: list[bytes] = []
    limit = HoldLimit()
    async for piece in content:
        pieces.append(piece)
        if not limit.take(piece):
            break
    response.streaming_content = _chain_async(pieces, content)


async def _chain_async(
    pieces: Iterable[bytes], content: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    async for piece in content:
        yield piece


def to_end(content: Iterator[bytes], end: Callable[[], None]) -> Iterator[bytes]:
    """The content; *end* is called when it has been sent, or will not be."""
    __tracebackhide__ = True
    try:
        yield from content
    finally:
        end()


async def to_end_async(
    content: AsyncIterator[bytes], end: Callable[[], None]
) -> AsyncIterator[bytes]:
    """As :func:`to_end`."""
    __tracebackhide__ = True
    try:
        async for piece in content:
            yield piece
    finally:
        end()
