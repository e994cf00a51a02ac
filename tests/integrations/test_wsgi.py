"""The WSGI middleware, in real frameworks behind a real server."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator

import pytest
from support.busy import be_busy
from support.web_clients import get, get_at_once, hang_up
from support.web_servers import serve_wsgi
from support.wsgi_apps import APPS, flask_app

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.profile_folder import ProfileFolder
from pyinstrument_integrations.wsgi import ProfilerMiddleware

TEXT: Any = {"renderer": "text", "allow": True}


@pytest.fixture(params=sorted(APPS))
def make_app(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Each framework that is installed, in turn."""
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return APPS[request.param]


@pytest.fixture
def flask() -> Callable[..., Any]:
    """One that has every route."""
    pytest.importorskip("flask")
    return flask_app


def test_a_report_shows_what_a_view_did(make_app: Callable[..., Any]) -> None:
    with serve_wsgi(make_app(**TEXT)) as port:
        plain, report = get(port, "/left/1?x=1"), get(port, "/left/1?x=1&profile=1")
    assert (plain.status, plain.text) == (200, "left")
    assert (report.status, report.content_type) == (200, "text/plain; charset=utf-8")
    assert "left_in_thread" in report.text
    assert "GET /left/1?x=1&profile=1" in report.text
    assert "ProfilerMiddleware" not in report.text


def test_requests_at_once_have_reports_of_their_own(make_app: Callable[..., Any]) -> None:
    paths = [f"/{name}/{n}?profile" for n in range(3) for name in ("left", "right")]
    with serve_wsgi(make_app(**TEXT)) as port:
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own, other = ("left_", "right_") if "left" in path else ("right_", "left_")
        assert own in report.text, report.text
        assert other not in report.text, report.text


def test_a_folder_gets_every_request(make_app: Callable[..., Any], tmp_path: Path) -> None:
    with serve_wsgi(make_app(profile_dir=tmp_path / "a" / "b", **TEXT)) as port:
        answers = get_at_once(port, [f"/left/{n}" for n in range(3)])
    assert [answer.text for answer in answers] == ["left"] * 3
    saved = ProfileFolder(tmp_path / "a" / "b").profiles()
    assert sorted(profile.name for profile in saved) == ["/left/0", "/left/1", "/left/2"]
    assert {(profile.kind, profile.status) for profile in saved} == {("GET", "200")}


def test_a_view_that_raises_is_answered_and_profiled_as_ever(
    make_app: Callable[..., Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve_wsgi(make_app(profile_dir=tmp_path, **TEXT)) as port:
        answer, asked = get(port, "/failing/1"), get(port, "/failing/1?profile")
    assert answer.status == asked.status == 500
    assert "failing" in asked.text
    assert [profile.status for profile in ProfileFolder(tmp_path).profiles()] == ["500"] * 2


def test_routes_are_known_where_the_framework_tells_them(
    flask: Callable[..., Any], tmp_path: Path
) -> None:
    with serve_wsgi(flask(profile_dir=tmp_path, **TEXT)) as port:
        get(port, "/left/5")
    (saved,) = ProfileFolder(tmp_path).profiles()
    assert saved.route == "/left/<path:what>"


def test_the_status_and_the_cookies_of_a_response_are_kept(flask: Callable[..., Any]) -> None:
    with serve_wsgi(flask(**TEXT)) as port:
        report, head = get(port, "/teapot?profile"), get(port, "/teapot?profile", "HEAD")
    assert (report.status, head.status, head.text) == (418, 418, "")
    assert report.cookies.startswith("tea=green")
    assert "teapot" in report.text


def test_a_streaming_response_is_profiled_to_its_end(
    flask: Callable[..., Any], tmp_path: Path
) -> None:
    with serve_wsgi(flask(profile_dir=tmp_path, **TEXT)) as port:
        assert get(port, "/stream").text == "0\n1\n2\n"
        assert "pieces" in get(port, "/stream?profile").text
    saved = ProfileFolder(tmp_path).profiles()
    assert len(saved) == 2
    for profile in saved:
        assert profile.duration >= 0.06
        assert "pieces" in (tmp_path / profile.file_name).read_text(encoding="utf-8")


def test_a_client_that_hangs_up_leaves_no_profile_running(
    flask: Callable[..., Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve_wsgi(flask(profile_dir=tmp_path, **TEXT)) as port:
        assert hang_up(port, "/stream") == b"0"
    assert len(ProfileFolder(tmp_path).profiles()) == 1


def test_the_index_is_served_with_the_reports(flask: Callable[..., Any], tmp_path: Path) -> None:
    app = flask(profile_dir=tmp_path, index_path="/profiles/", file_name="é x.{ext}", **TEXT)
    with serve_wsgi(app) as port:
        get(port, "/left/1")  # saved after its response, and before the server has ended
    with serve_wsgi(app) as port:
        page, report = get(port, "/profiles/"), get(port, "/profiles/%C3%A9%20x.txt")
        missing = get(port, "/profiles/..%2fx.txt")
    assert (page.status, "%C3%A9%20x.txt" in page.text) == (200, True)
    assert (report.status, "left_in_thread" in report.text) == (200, True)
    assert missing.status == 404


def test_an_unwritable_folder_costs_a_log_entry_and_no_request(
    flask: Callable[..., Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with serve_wsgi(flask(profile_dir=tmp_path / "file", **TEXT)) as port:
        answers = get_at_once(port, ["/left/1"] * 3)
    assert [answer.text for answer in answers] == ["left"] * 3
    assert len([record for record in caplog.records if record.name == "pyinstrument"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/left/..%2f..%2fx",
        "/left/%22'%3Cscript%3E",
        "/left/%F0%9F%90%8D",
        "/left/%ff",
        pytest.param("/left/" + "x" * 4_000, id="long"),
    ],
)
def test_any_path_can_be_saved(flask: Callable[..., Any], tmp_path: Path, path: str) -> None:
    with serve_wsgi(flask(profile_dir=tmp_path, **TEXT)) as port:
        status = get(port, path).status
    (saved,) = ProfileFolder(tmp_path).profiles()
    assert saved.status == str(status)
    assert len(os.listdir(tmp_path)) == 3


def test_a_report_that_cannot_be_made_gives_the_response_itself(
    flask: Callable[..., Any],
) -> None:
    class Failing:
        def render(self, session: object) -> str:
            raise RuntimeError("no report today")

    with serve_wsgi(flask(renderer=Failing(), allow=True)) as port:
        answer = get(port, "/teapot?profile")
    assert (answer.status, answer.text) == (418, "short and stout")


def test_the_length_of_a_response_is_told_as_it_would_have_been(tmp_path: Path) -> None:
    """Servers know the length of a list of one piece."""

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"one"]

    body = ProfilerMiddleware(app, profile_dir=tmp_path)({"PATH_INFO": "/"}, lambda *_: None)
    assert body == [b"one"]
    assert len(ProfileFolder(tmp_path).profiles()) == 1


def test_the_body_of_the_application_is_closed(tmp_path: Path) -> None:
    closed: list[str] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"x"

        def close(self) -> None:
            closed.append("closed")

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Body()

    for options in ({"profile_dir": tmp_path}, TEXT):
        body: Any = ProfilerMiddleware(app, **options)(
            {"PATH_INFO": "/", "QUERY_STRING": "profile"}, lambda *_: None
        )
        assert list(body)
        if hasattr(body, "close"):
            body.close()
    assert closed == ["closed"] * 2


def test_greenlets_of_one_thread_have_reports_of_their_own() -> None:
    """As servers of gevent run requests."""
    greenlet = pytest.importorskip("greenlet").greenlet
    reports: dict[str, str] = {}

    def left() -> None:
        be_busy()
        one.parent.switch()
        be_busy()

    def right() -> None:
        be_busy()
        two.parent.switch()
        be_busy()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        {"/left": left, "/right": right}[environ["PATH_INFO"]]()
        start_response("200 OK", [])
        return []

    def ask(path: str) -> None:
        environ = {"PATH_INFO": path, "QUERY_STRING": "profile"}
        reports[path] = b"".join(profiled(environ, lambda *_: None)).decode()

    profiled = ProfilerMiddleware(app, **TEXT)
    one, two = greenlet(ask), greenlet(ask)
    one.switch("/left")
    two.switch("/right")
    one.switch()
    two.switch()
    assert "left " in reports["/left"], reports["/left"]
    assert "right " not in reports["/left"], reports["/left"]
    assert "right " in reports["/right"], reports["/right"]
    assert "left " not in reports["/right"], reports["/right"]


def test_settings_are_checked_when_the_application_starts() -> None:
    with pytest.raises(InvalidSettingError, match="one_in must be a number"):
        ProfilerMiddleware(lambda environ, start: [], one_in=0)
