"""The ASGI middleware, in real frameworks behind a real server."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from support.asgi_apps import APPS, starlette_app
from support.web_clients import get, get_at_once, hang_up
from support.web_servers import serve_asgi

from pyinstrument_integrations.asgi import ProfilerMiddleware, subject_of
from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.profile_folder import ProfileFolder

pytest.importorskip("uvicorn")
pytest.importorskip("starlette")

TEXT: Any = {"renderer": "text"}


@pytest.fixture(params=sorted(APPS))
def make_app(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Each framework that is installed, in turn."""
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return APPS[request.param]


def test_a_report_shows_what_an_async_endpoint_did(make_app: Callable[..., Any]) -> None:
    with serve_asgi(make_app(**TEXT)) as port:
        plain, report = get(port, "/left/1?x=1"), get(port, "/left/1?x=1&profile=1")
    assert (plain.status, plain.text.strip('"')) == (200, "left")
    assert (report.status, report.content_type) == (200, "text/plain; charset=utf-8")
    assert "be_busy" in report.text
    assert "left " in report.text
    assert "GET /left/1?x=1&profile=1" in report.text
    assert "ProfilerMiddleware" not in report.text


def test_requests_at_once_have_reports_of_their_own(make_app: Callable[..., Any]) -> None:
    paths = [f"/{name}/{n}?profile" for n in range(3) for name in ("left", "right")]
    with serve_asgi(make_app(**TEXT)) as port:
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own, other = ("left ", "right ") if "left" in path else ("right ", "left ")
        assert own in report.text, report.text
        assert other not in report.text, report.text
        assert "[await]" in report.text


@pytest.mark.skipif(
    "sys.version_info < (3, 12)",
    reason="before Python 3.12, threads that run already cannot be watched",
)
def test_functions_in_a_thread_pool_are_seen_and_those_of_others_are_not(
    make_app: Callable[..., Any],
) -> None:
    paths = [f"/{name}_in_thread/{n}?profile" for n in range(2) for name in ("left", "right")]
    with serve_asgi(make_app(**TEXT)) as port:
        get_at_once(port, paths)  # now the pool's threads are there
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own = "left_in_thread" if "left" in path else "right_in_thread"
        other = "right_in_thread" if "left" in path else "left_in_thread"
        assert own in report.text, report.text
        assert other not in report.text, report.text


def test_a_folder_gets_every_request_under_its_route(
    make_app: Callable[..., Any], tmp_path: Path
) -> None:
    with serve_asgi(make_app(profile_dir=tmp_path / "a" / "b", **TEXT)) as port:
        answers = get_at_once(port, [f"/left/{n}" for n in range(3)])
    assert [answer.text.strip('"') for answer in answers] == ["left"] * 3
    saved = ProfileFolder(tmp_path / "a" / "b").profiles()
    assert sorted(profile.name for profile in saved) == ["/left/0", "/left/1", "/left/2"]
    assert {(profile.kind, profile.status) for profile in saved} == {("GET", "200")}
    for profile in saved:
        report = (tmp_path / "a" / "b" / profile.file_name).read_text(encoding="utf-8")
        assert "left " in report


def test_an_endpoint_that_raises_is_answered_and_profiled_as_ever(
    make_app: Callable[..., Any], tmp_path: Path
) -> None:
    with serve_asgi(make_app(profile_dir=tmp_path, **TEXT), log_level="critical") as port:
        answer = get(port, "/failing/1")
        asked = get(port, "/failing/1?profile")
    assert answer.status == asked.status == 500
    assert len(ProfileFolder(tmp_path).profiles()) == 2


def test_the_route_is_known_where_the_framework_tells_it(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    with serve_asgi(APPS["fastapi"](profile_dir=tmp_path, **TEXT)) as port:
        get(port, "/left/5")
    assert [profile.route for profile in ProfileFolder(tmp_path).profiles()] == ["/left/{what}"]


def test_the_status_and_the_cookies_of_a_response_are_kept() -> None:
    with serve_asgi(starlette_app(**TEXT)) as port:
        report = get(port, "/teapot?profile")
    assert report.status == 418
    assert report.cookies.startswith("tea=green")
    assert "teapot" in report.text


def test_a_streaming_response_is_profiled_to_its_end(tmp_path: Path) -> None:
    with serve_asgi(starlette_app(profile_dir=tmp_path, **TEXT)) as port:
        assert get(port, "/stream").text == "0\n1\n2\n"
        assert "pieces" in get(port, "/stream?profile").text
    assert len(ProfileFolder(tmp_path).profiles()) == 2
    assert min(profile.duration for profile in ProfileFolder(tmp_path).profiles()) >= 0.06


def test_a_client_that_hangs_up_leaves_no_profile_running(tmp_path: Path) -> None:
    with serve_asgi(starlette_app(profile_dir=tmp_path, **TEXT)) as port:
        assert hang_up(port, "/stream") == b"0"
    assert len(ProfileFolder(tmp_path).profiles()) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # uvicorn's own, up to Python 3.8
def test_websockets_are_left_alone(tmp_path: Path) -> None:
    client = pytest.importorskip("websockets.sync.client")
    with serve_asgi(starlette_app(profile_dir=tmp_path, **TEXT)) as port:
        with client.connect(f"ws://127.0.0.1:{port}/echo?profile") as socket:
            socket.send("hello")
            assert socket.recv() == "hello"
    assert os.listdir(tmp_path) == []


def test_without_debug_mode_nothing_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    app = starlette_app(**TEXT)
    app.debug = False
    with serve_asgi(app) as port:
        answers = [get(port, "/left/1?profile"), get(port, "/left/1?profile")]
    assert [answer.text for answer in answers] == ["left"] * 2
    assert len([record for record in caplog.records if record.name == "pyinstrument"]) == 1


def test_allow_sees_the_scope() -> None:
    def allow(scope: Any) -> bool:
        return b"staff" in scope["query_string"]

    app = starlette_app(allow=allow, **TEXT)
    app.debug = False
    with serve_asgi(app) as port:
        assert get(port, "/left/1?profile").text == "left"
        assert "be_busy" in get(port, "/left/1?profile&staff").text


def test_the_index_is_served_with_the_reports(tmp_path: Path) -> None:
    app = starlette_app(profile_dir=tmp_path, index_path="/profiles/", file_name="x.{ext}", **TEXT)
    with serve_asgi(app) as port:
        get(port, "/left/1")
        page, missing = get(port, "/profiles/"), get(port, "/profiles/../x.txt")
    with serve_asgi(app) as port:
        report = get(port, "/profiles/x.txt")
    assert page.status == 200
    assert report.text.count("left ") >= 1
    assert missing.status == 404


def test_around_litestar_the_index_is_served_too(tmp_path: Path) -> None:
    litestar = pytest.importorskip("litestar")
    app = litestar.Litestar([], debug=True, logging_config=None)
    profiled = ProfilerMiddleware(app, profile_dir=tmp_path, index_path="/profiles/", **TEXT)
    with serve_asgi(profiled) as port:
        assert get(port, "/profiles/").status == 200


def test_below_a_root_paths_are_those_of_the_application(tmp_path: Path) -> None:
    app = starlette_app(profile_dir=tmp_path, index_path="/profiles/", **TEXT)
    with serve_asgi(app, root_path="/api") as port:
        get(port, "/left/1")
        get(port, "/below/left/2")
        assert get(port, "/profiles/").status == 200
    names = [saved.name for saved in ProfileFolder(tmp_path).profiles()]
    assert sorted(names) == ["/api/below/left/2", "/api/left/1"]


def test_a_root_that_is_not_in_the_path_is_put_before_it_once() -> None:
    """As FastAPI's own ``root_path`` and older servers have it."""
    scope = {"method": "GET", "path": "/apiary/1", "root_path": "/api"}
    assert subject_of(scope) == ("/api/apiary/1", "GET", "/api/apiary/1")
    assert subject_of({**scope, "path": "/api/1"}) == ("/api/1", "GET", "/api/1")


@pytest.mark.parametrize(
    ("root", "path", "whole"),
    [
        ("/", "/x", "/x"),
        ("/", "/", "/"),
        ("/api/", "/x", "/api/x"),
        ("/api/", "/api/x", "/api/x"),
        ("/api/", "/api/", "/api/"),
        ("/api", "/api", "/api"),
    ],
)
def test_a_root_may_end_in_a_slash(root: str, path: str, whole: str) -> None:
    scope = {"method": "GET", "path": path, "root_path": root}
    assert subject_of(scope) == (whole, "GET", whole)


def test_an_unwritable_folder_costs_a_log_entry_and_no_request(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with serve_asgi(starlette_app(profile_dir=tmp_path / "file", **TEXT)) as port:
        answers = get_at_once(port, ["/left/1"] * 3)
    assert [answer.text for answer in answers] == ["left"] * 3
    assert len([record for record in caplog.records if record.name == "pyinstrument"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/left/..%2f..%2fx",
        "/left/%22'%3Cscript%3E",
        "/left/%F0%9F%90%8D",
        pytest.param("/left/" + "x" * 4_000, id="long"),
    ],
)
def test_any_path_can_be_saved(tmp_path: Path, path: str) -> None:
    with serve_asgi(starlette_app(profile_dir=tmp_path, **TEXT)) as port:
        status = get(port, path).status
    (saved,) = ProfileFolder(tmp_path).profiles()
    assert saved.status == str(status)
    assert len(os.listdir(tmp_path)) == 3


class Failing:
    """A renderer that does."""

    def render(self, session: object) -> str:
        raise RuntimeError("no report today")


def test_a_report_that_cannot_be_made_gives_the_response_itself() -> None:
    with serve_asgi(starlette_app(renderer=Failing())) as port:
        answer = get(port, "/teapot?profile")
    assert (answer.status, answer.text) == (418, "short and stout")


def test_two_middlewares_at_once_profile_both() -> None:
    app = ProfilerMiddleware(starlette_app(**TEXT), query_key="outer", allow=True, **TEXT)
    with serve_asgi(app) as port:
        assert "left " in get(port, "/left/1?outer").text
        assert "left " in get(port, "/left/1?outer&profile").text


def test_an_application_may_wait_for_the_end_of_the_request() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"plain"})
        while (await receive())["type"] != "http.disconnect":
            pass

    with serve_asgi(ProfilerMiddleware(app, allow=True, **TEXT), lifespan="off") as port:
        assert "GET /x?profile" in get(port, "/x?profile").text


@pytest.mark.parametrize(
    ("renderer", "status", "part"),
    [("text", 200, "GET /x?profile"), ("failing", 500, "too large")],
)
def test_a_response_without_an_end_is_answered_when_there_is_too_much_of_it(
    renderer: str, status: int, part: str
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(18):
            await send({"type": "http.response.body", "body": bytes(10**6), "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    profiled = ProfilerMiddleware(
        app, allow=True, renderer=Failing() if renderer == "failing" else renderer
    )
    with serve_asgi(profiled, lifespan="off") as port:
        answer = get(port, "/x?profile")
    assert (answer.status, part in answer.text) == (status, True)


def test_settings_are_checked_when_the_application_starts() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("never called")

    with pytest.raises(InvalidSettingError, match="one_in must be a number"):
        ProfilerMiddleware(app, one_in=0)


def test_other_event_loops_are_served_too() -> None:
    trio = pytest.importorskip("trio")
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"plain"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"profile"}
    middleware = ProfilerMiddleware(app, allow=True, **TEXT)
    trio.run(middleware, scope, receive, send)
    first, second = sent
    assert first["status"] == 200
    assert b"GET /x?profile" in second["body"]
    asyncio.run(middleware(scope, receive, send))
    assert len(sent) == 4
