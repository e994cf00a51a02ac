"""The aiohttp middleware, behind aiohttp's own server."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import pytest
from support.asgi_apps import failing, left, left_in_thread, pieces, right
from support.web_clients import get, get_at_once, hang_up

pytest.importorskip("aiohttp")

from aiohttp import ClientSession, web  # after the skip

from pyinstrument_integrations.aiohttp import profiler_middleware
from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.profile_folder import ProfileFolder

TEXT: Any = {"renderer": "text", "allow": True}


def app_of(**options: Any) -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        functions: Any = {"left": left, "right": right}
        return web.Response(text=await functions[request.match_info["name"]]())

    async def in_thread(request: web.Request) -> web.Response:
        to_thread: Any = getattr(asyncio, "to_thread", None)
        return web.Response(text=await to_thread(left_in_thread))

    async def fail(request: web.Request) -> web.Response:
        return web.Response(text=failing())

    async def missing(request: web.Request) -> web.Response:
        raised = web.HTTPNotFound(text=await left())
        raised.set_cookie("tea", "green")
        raise raised

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in pieces():
            await response.write(piece)
        return response

    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(await socket.receive_str())
        await socket.close()
        return socket

    app = web.Application(middlewares=[profiler_middleware(**options)])
    app.router.add_get("/thread", in_thread)
    app.router.add_get("/failing", fail)
    app.router.add_get("/missing", missing)
    app.router.add_get("/stream", stream)
    app.router.add_get("/echo", echo)
    app.router.add_get("/{name}/{what}", answer)
    return app


@contextmanager
def serve(app: web.Application) -> Iterator[int]:
    """The port of a server in a thread; every request has ended when this does."""
    ports: list[int] = []
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    is_ready = threading.Event()
    pool = ThreadPoolExecutor()

    async def main() -> None:
        # asyncio of 3.8 does not wait for its own.
        asyncio.get_running_loop().set_default_executor(pool)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        should_end = asyncio.Event()
        loops.append((asyncio.get_running_loop(), should_end))
        is_ready.set()
        await should_end.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="aiohttp")
    thread.start()
    assert is_ready.wait(60)
    try:
        yield ports[0]
    finally:
        loop, should_end = loops[0]
        loop.call_soon_threadsafe(should_end.set)
        thread.join()
        pool.shutdown()


def test_a_report_shows_what_a_handler_did() -> None:
    with serve(app_of(**TEXT)) as port:
        plain, report = get(port, "/left/1"), get(port, "/left/1?profile")
    assert (plain.status, plain.text) == (200, "left")
    assert (report.status, report.content_type) == (200, "text/plain; charset=utf-8")
    assert "left " in report.text
    assert "GET /left/1?profile" in report.text
    assert "pyinstrument_integrations" not in report.text


def test_requests_at_once_have_reports_of_their_own() -> None:
    paths = [f"/{name}/{n}?profile" for n in range(3) for name in ("left", "right")]
    with serve(app_of(**TEXT)) as port:
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own, other = ("left ", "right ") if "left" in path else ("right ", "left ")
        assert own in report.text, report.text
        assert other not in report.text, report.text


@pytest.mark.skipif("sys.version_info < (3, 9)", reason="asyncio.to_thread came with Python 3.9")
def test_functions_in_threads_are_seen() -> None:
    with serve(app_of(**TEXT)) as port:
        assert "left_in_thread" in get(port, "/thread?profile").text


def test_a_folder_gets_every_request_under_its_route(tmp_path: Path) -> None:
    with serve(app_of(profile_dir=tmp_path / "a" / "b", **TEXT)) as port:
        get_at_once(port, [f"/left/{n}" for n in range(3)])
    saved = ProfileFolder(tmp_path / "a" / "b").profiles()
    assert sorted(profile.name for profile in saved) == ["/left/0", "/left/1", "/left/2"]
    assert {(profile.route, profile.status) for profile in saved} == {("/{name}/{what}", "200")}


def test_what_is_raised_is_answered_and_profiled_as_ever(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(app_of(profile_dir=tmp_path, **TEXT)) as port:
        answers = [get(port, "/failing"), get(port, "/missing"), get(port, "/failing?profile")]
        report = get(port, "/missing?profile")
    assert [answer.status for answer in answers] == [500, 404, 500]
    assert answers[1].text == "left"
    assert (report.status, "missing" in report.text) == (404, True)
    assert report.cookies.startswith("tea=green")
    statuses = [profile.status for profile in ProfileFolder(tmp_path).profiles()]
    assert sorted(statuses) == ["404", "404", "500", "500"]


def test_a_response_that_was_sent_already_is_profiled_and_not_replaced(tmp_path: Path) -> None:
    with serve(app_of(profile_dir=tmp_path, **TEXT)) as port:
        assert get(port, "/stream?profile").text == "0\n1\n2\n"
    assert len(ProfileFolder(tmp_path).profiles()) == 1


def test_a_client_that_hangs_up_leaves_no_profile_running(tmp_path: Path) -> None:
    with serve(app_of(profile_dir=tmp_path, **TEXT)) as port:
        assert hang_up(port, "/stream") == b"0"
    assert len(ProfileFolder(tmp_path).profiles()) == 1


def test_websockets_are_left_alone(tmp_path: Path) -> None:
    async def talk(port: int) -> str:
        async with ClientSession() as session:
            async with session.ws_connect(f"http://127.0.0.1:{port}/echo?profile") as socket:
                await socket.send_str("hello")
                return str((await socket.receive()).data)

    with serve(app_of(profile_dir=tmp_path, **TEXT)) as port:
        assert asyncio.run(talk(port)) == "hello"
    assert ProfileFolder(tmp_path).profiles() == []


def test_without_debug_mode_nothing_is_shown() -> None:
    with serve(app_of(renderer="text")) as port:
        assert get(port, "/left/1?profile").text == "left"


def test_the_index_is_served(tmp_path: Path) -> None:
    with serve(app_of(profile_dir=tmp_path, index_path="/profiles/", **TEXT)) as port:
        assert "No profile has been saved yet" in get(port, "/profiles/").text


def test_settings_are_checked_when_the_application_starts() -> None:
    with pytest.raises(InvalidSettingError, match="one_in must be a number"):
        profiler_middleware(one_in=0)
