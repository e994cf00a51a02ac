"""ASGI responses: of our own, and those held back until it is known whether they are wanted."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Iterable, MutableMapping, Tuple

from .web_profiler import Page

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Header = Tuple[bytes, bytes]

HELD_BYTES = 16_000_000
"""A response may never end; one as large as this is not worth its memory."""

TOO_LARGE = b"The report could not be made, and the response was too large to be kept.\n"


class HeldMessages:
    """Takes the messages of a response, to be released to the real ``send`` or forgotten."""

    def __init__(self, send: Send, limit: int = HELD_BYTES) -> None:
        self._send = send
        self._limit = limit
        self._messages: list[Message] = []
        self._size = 0
        self.status = 0
        """0 until the response has begun."""
        self.headers: list[Header] = []

    async def send(self, message: Message) -> None:
        """In place of the server's."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.get("headers") or ()
            self.headers = [(bytes(name), bytes(value)) for name, value in headers]
        self._size += len(message.get("body", b""))
        if self._size <= self._limit:
            self._messages.append(message)
        else:
            self._messages.clear()

    async def release(self) -> None:
        """Sends what was held."""
        if self._size > self._limit:
            await send_page(self._send, Page(TOO_LARGE, "text/plain; charset=utf-8", 500), "GET")
            return
        for message in self._messages:
            await self._send(message)


async def send_page(send: Send, page: Page, method: str, replaced: Iterable[Header] = ()) -> None:
    """Sends a page of ours, with the cookies of the response that it takes the place of."""
    headers = [(name.lower().encode(), value.encode()) for name, value in page.headers()]
    headers += [(name, value) for name, value in replaced if name.lower() == b"set-cookie"]
    await send({"type": "http.response.start", "status": page.status, "headers": headers})
    body = b"" if method == "HEAD" else page.body
    await send({"type": "http.response.body", "body": body, "more_body": False})
