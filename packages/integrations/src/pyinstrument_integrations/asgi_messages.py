"""ASGI responses: of our own, and those held back until it is known whether they are wanted."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Iterable, MutableMapping, Tuple

from .hold_limit import TOO_LARGE, HoldLimit
from .web_profiler import Page

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Header = Tuple[bytes, bytes]


class HeldMessages:
    """Takes the messages of a response, to be released to the real ``send`` or forgotten."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._limit = HoldLimit()
        self._messages: list[Message] = []
        self.status = 0
        """0 until the response has begun."""
        self.headers: list[Header] = []

    @property
    def is_too_much(self) -> bool:
        """Whether the response is larger, or takes longer, than what is held."""
        return self._limit.is_met

    async def send(self, message: Message) -> None:
        """In place of the server's."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.get("headers") or ()
            self.headers = [(bytes(name), bytes(value)) for name, value in headers]
        # The application cannot be stopped here; it learns from its server that a client has gone.
        if self._limit.take(message.get("body", b"")):
            self._messages.append(message)
        else:
            self._messages.clear()

    async def release(self) -> None:
        """Sends what was held."""
        if self._limit.is_met:
            await send_page(self._send, Page(TOO_LARGE, "text/plain; charset=utf-8", 500), "GET")
            return
        for message in self._messages:
            await self._send(message)


def is_last(message: Message) -> bool:
    """Whether a message ends a response's body."""
    kind = message["type"]
    ends = kind == "http.response.body" and not message.get("more_body", False)
    return ends or kind == "http.response.pathsend"


async def send_page(send: Send, page: Page, method: str, replaced: Iterable[Header] = ()) -> None:
    """Sends a page of ours, with the cookies of the response that it takes the place of."""
    headers = [(name.lower().encode(), value.encode()) for name, value in page.headers()]
    headers += [(name, value) for name, value in replaced if name.lower() == b"set-cookie"]
    await send({"type": "http.response.start", "status": page.status, "headers": headers})
    body = b"" if method == "HEAD" else page.body
    await send({"type": "http.response.body", "body": body, "more_body": False})
