"""An ASGI application behind the middleware answers ``?profile`` with a report of what it did."""

import asyncio
from typing import Any

from busy import be_busy
from pages import text_of

from pyinstrument_integrations.asgi import ProfilerMiddleware


async def application(scope: Any, receive: Any, send: Any) -> None:
    slow_part()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page itself"})


def slow_part() -> None:
    be_busy()


async def ask(query: bytes) -> bytes:
    """The body of the answer to one request."""
    parts = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        parts.append(message.get("body", b""))

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": query,
        "headers": [],
        "asgi": {"version": "3.0"},
    }
    await ProfilerMiddleware(application, allow=True)(scope, receive, send)
    return b"".join(parts)


plain = asyncio.run(ask(b""))
report = asyncio.run(ask(b"profile"))
assert plain == b"the page itself", plain
text = text_of(report)
assert "slow_part" in text, text
print(f"asgi_page: a report of {len(report)} bytes in place of {len(plain)}")
