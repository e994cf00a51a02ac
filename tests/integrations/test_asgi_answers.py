"""Which messages make up the one answer to a request, whoever of the application sends them."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from pyinstrument_integrations import asgi_messages
from pyinstrument_integrations.asgi import ProfilerMiddleware
from pyinstrument_integrations.hold_limit import HoldLimit


class Awaited:
    """A renderer that waits until the test is done with what it does meanwhile."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    def render(self, session: object) -> str:
        assert self.may_end.wait(30)
        return "the report"


class Failing:
    """A renderer that does."""

    def render(self, session: object) -> str:
        raise RuntimeError("no report today")


START = {"type": "http.response.start", "status": 200, "headers": []}
TOO_MUCH = {"type": "http.response.body", "body": bytes(11), "more_body": True}
LATE = {"type": "http.response.body", "body": b"late", "more_body": True}


def sent_by(app: Any, renderer: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What comes out of a middleware that holds 10 bytes, behind no server."""
    monkeypatch.setattr(asgi_messages, "HoldLimit", lambda: HoldLimit(10))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("never called")

    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"profile"}
    asyncio.run(ProfilerMiddleware(app, allow=True, renderer=renderer)(scope, receive, send))
    return sent


def test_what_another_task_sends_while_the_report_is_made_is_no_part_of_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renderer = Awaited()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        other = asyncio.ensure_future(send(TOO_MUCH))
        await asyncio.sleep(0)  # now it is in the hands of the middleware
        await send(LATE)
        renderer.may_end.set()
        await other
        await send(LATE)

    start, body = sent_by(app, renderer, monkeypatch)
    assert (start["type"], start["status"]) == ("http.response.start", 200)
    assert body == {"type": "http.response.body", "body": b"the report", "more_body": False}


def test_after_an_answer_that_was_cancelled_nothing_goes_out_without_a_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renderer = Awaited()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        other = asyncio.ensure_future(send(TOO_MUCH))
        await asyncio.sleep(0)
        other.cancel()
        await asyncio.wait([other])
        renderer.may_end.set()
        await send(LATE)

    assert sent_by(app, renderer, monkeypatch) == []


def test_the_response_itself_goes_on_after_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    end = {"type": "http.response.body", "body": b"short"}
    trailers = {"type": "http.response.trailers", "headers": []}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in (START, end, trailers):
            await send(message)

    assert sent_by(app, Failing(), monkeypatch) == [START, end, trailers]
