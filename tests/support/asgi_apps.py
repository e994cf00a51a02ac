"""One application in each ASGI framework: the same routes, under the profiler's middleware."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Callable, Iterator

from support.busy import be_busy

from pyinstrument_integrations.asgi import ProfilerMiddleware


async def left() -> str:
    """Computes, and waits for others."""
    await asyncio.sleep(0.02)
    be_busy()
    await asyncio.sleep(0.02)
    return "left"


async def right() -> str:
    """Like ``left``."""
    await asyncio.sleep(0.02)
    be_busy()
    await asyncio.sleep(0.02)
    return "right"


def left_in_thread() -> str:
    """Runs in a thread pool."""
    be_busy()
    return "left"


def right_in_thread() -> str:
    """Runs in a thread pool."""
    be_busy()
    return "right"


def failing() -> str:
    """Raises."""
    be_busy()
    raise LookupError("not today")


def pieces() -> Iterator[bytes]:
    """A response in parts."""
    for number in range(3):
        be_busy(0.02)
        yield b"%d\n" % number


async def async_pieces() -> AsyncIterator[bytes]:
    """A response in parts."""
    for piece in pieces():
        yield piece


def starlette_app(**options: Any) -> Any:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Mount, Route, WebSocketRoute
    from starlette.websockets import WebSocket

    def answered(function: Callable[[], Any]) -> Any:
        if asyncio.iscoroutinefunction(function):

            async def endpoint(request: Request) -> PlainTextResponse:
                return PlainTextResponse(await function())

            return endpoint

        def sync_endpoint(request: Request) -> PlainTextResponse:
            return PlainTextResponse(function())

        return sync_endpoint

    async def teapot(request: Request) -> PlainTextResponse:
        be_busy()
        response = PlainTextResponse("short and stout", 418)
        response.set_cookie("tea", "green")
        return response

    async def stream(request: Request) -> StreamingResponse:
        return StreamingResponse(async_pieces())

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    functions = (left, right, left_in_thread, right_in_thread, failing)
    routes: list[Any] = [
        Route(f"/{function.__name__}/{{what}}", answered(function)) for function in functions
    ]
    routes += [Route("/teapot", teapot), Route("/stream", stream), WebSocketRoute("/echo", echo)]
    routes.append(Mount("/below", routes=[Route("/left/{what}", answered(left))]))
    return Starlette(
        debug=True, routes=routes, middleware=[Middleware(ProfilerMiddleware, **options)]
    )


def fastapi_app(**options: Any) -> Any:
    from fastapi import FastAPI

    app = FastAPI(debug=True)
    app.add_middleware(ProfilerMiddleware, **options)
    for function in (left, right, left_in_thread, right_in_thread, failing):
        app.get(f"/{function.__name__}/{{what}}")(function)
    return app


def litestar_app(**options: Any) -> Any:
    from litestar import Litestar, get
    from litestar.middleware import DefineMiddleware

    handlers = [get(f"/{function.__name__}/{{what:str}}")(function) for function in (left, right)]
    handlers += [
        get(f"/{function.__name__}/{{what:str}}", sync_to_thread=True)(function)
        for function in (left_in_thread, right_in_thread, failing)
    ]
    return Litestar(
        handlers,
        debug=True,
        logging_config=None,  # its own leaves a thread running, and changes the root logger
        middleware=[DefineMiddleware(ProfilerMiddleware, **options)],
    )


def quart_app(**options: Any) -> Any:
    from quart import Quart

    app = Quart(__name__)
    app.debug = True
    for function in (left, right, left_in_thread, right_in_thread, failing):

        def endpoint(what: str, function: Callable[[], Any] = function) -> Any:
            return function()

        async def async_endpoint(what: str, function: Callable[[], Any] = function) -> Any:
            return await function()

        found: Any = async_endpoint if asyncio.iscoroutinefunction(function) else endpoint
        app.add_url_rule(f"/{function.__name__}/<what>", function.__name__, found)
    wrapped: Any = ProfilerMiddleware(app.asgi_app, **options)
    app.asgi_app = wrapped  # type: ignore[method-assign]  # how Quart is given middleware
    return app


APPS: dict[str, Callable[..., Any]] = {
    "starlette": starlette_app,
    "fastapi": fastapi_app,
    "litestar": litestar_app,
    "quart": quart_app,
}
