"""Django's middleware: sync and async views, under WSGI and ASGI, through real servers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable, ContextManager, Iterator

import pytest
from support.web_clients import Answer, get, get_at_once, hang_up
from support.web_servers import serve_asgi, serve_wsgi

pytest.importorskip("django")

from django.core.asgi import get_asgi_application  # after the skip
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils.asyncio import async_unsafe
from support.django_project import MIDDLEWARE, configured

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.profile_folder import ProfileFolder

Serve = Callable[..., ContextManager[int]]

POOL_IS_SEEN = sys.version_info >= (3, 12)
"""Before, threads that run already cannot be watched."""


class Text:
    """A renderer of files, by its import path."""

    output_file_extension = "txt"

    def render(self, session: Any) -> str:
        from pyinstrument_renderers.console import ConsoleRenderer

        return ConsoleRenderer().render(session)


TEXT = f"{__name__}.Text"


@pytest.fixture(autouse=True)
def shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown reports are HTML, whose viewer need not have been built."""
    monkeypatch.setattr("pyinstrument_integrations.report_format.default_renderer", lambda: "text")


def serve_django_wsgi() -> ContextManager[int]:
    return serve_wsgi(get_wsgi_application())


def serve_django_asgi() -> ContextManager[int]:
    pytest.importorskip("uvicorn")
    return serve_asgi(get_asgi_application(), lifespan="off", log_level="critical")


@pytest.fixture(params=[serve_django_wsgi, serve_django_asgi], ids=["wsgi", "asgi"])
def serve(request: pytest.FixtureRequest) -> Serve:
    """Each way to serve a project."""
    server: Serve = request.param
    return server


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a project in debug mode saves text reports."""
    with configured(DEBUG=True, profile_dir=str(tmp_path / "a" / "b"), profile_dir_renderer="text"):
        yield tmp_path / "a" / "b"


def ask(path: str, **changed: Any) -> Answer:
    """Through Django's test client."""
    with configured(**changed):
        response = Client(raise_request_exception=False).get(path)
        content = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, response["Content-Type"], content.decode())


def streams_asynchronously() -> bool:
    import django

    return bool(django.VERSION >= (4, 2))


@pytest.mark.parametrize("view", ["left", "async_left"])
def test_a_report_shows_what_a_view_did(serve: Serve, view: str) -> None:
    if view == "left" and serve is serve_django_asgi and not POOL_IS_SEEN:
        pytest.skip("before Python 3.12, threads that run already cannot be watched")
    with configured(DEBUG=True), serve() as port:
        plain = get(port, f"/{view}/1?x=1")
        report = get(port, f"/{view}/1?x=1&profile=1")
    assert (plain.status, plain.text) == (200, "left")
    assert (report.status, report.content_type) == (200, "text/plain; charset=utf-8")
    assert f"GET /{view}/1?x=1&profile=1" in report.text
    assert "be_busy" in report.text, report.text
    assert "pyinstrument_integrations" not in report.text


def test_async_views_at_once_have_reports_of_their_own() -> None:
    paths = [f"/async_{name}/{n}?profile" for n in range(3) for name in ("left", "right")]
    with configured(DEBUG=True), serve_django_asgi() as port:
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own, other = ("left ", "right ") if "left" in path else ("right ", "left ")
        assert own in report.text, report.text
        assert other not in report.text, report.text


def test_sync_views_at_once_have_reports_of_their_own(serve: Serve) -> None:
    if serve is serve_django_asgi and not POOL_IS_SEEN:
        pytest.skip("before Python 3.12, threads that run already cannot be watched")
    paths = [f"/{name}/{n}?profile" for n in range(2) for name in ("left", "right")]
    with configured(DEBUG=True), serve() as port:
        get_at_once(port, paths)
        reports = get_at_once(port, paths)
    for path, report in zip(paths, reports):
        own, other = ("left_", "right_") if "left" in path else ("right_", "left_")
        assert own in report.text, report.text
        assert other not in report.text, report.text


@pytest.mark.skipif(
    not POOL_IS_SEEN, reason="before Python 3.12, threads that run already cannot be watched"
)
def test_work_that_hops_to_a_thread_is_seen(serve: Serve) -> None:
    with configured(DEBUG=True), serve() as port:
        report = get(port, "/hop?profile").text
    assert "left_in_thread" in report
    if serve is serve_django_asgi:
        assert "[for hop" in report, report


def test_a_folder_gets_every_request_under_its_route(serve: Serve, folder: Path) -> None:
    with serve() as port:
        answers = get_at_once(port, [f"/async_left/{n}?x" for n in range(3)])
        get(port, "/below/abc")
    assert [answer.text for answer in answers] == ["left"] * 3
    saved = ProfileFolder(folder).profiles()
    assert sorted(profile.name for profile in saved) == [
        "/async_left/0?x",
        "/async_left/1?x",
        "/async_left/2?x",
        "/below/abc",
    ]
    assert {profile.route for profile in saved} == {
        "/async_left/<path:what>",
        "/below/(?P<what>[a-z]+)$",
    }
    names = [profile.file_name for profile in saved if profile.name.startswith("/async")]
    assert all("s _async_left_" in name and "_qs_x 1" in name for name in names)


def test_a_view_that_raises_is_answered_and_profiled_as_ever(serve: Serve, folder: Path) -> None:
    with serve() as port:
        answer = get(port, "/failing")
    assert answer.status == 500
    assert [profile.status for profile in ProfileFolder(folder).profiles()] == ["500"]


def test_the_status_and_the_cookies_of_a_response_are_kept(serve: Serve) -> None:
    with configured(DEBUG=True), serve() as port:
        report = get(port, "/teapot?profile")
    assert report.status == 418
    assert report.cookies.startswith("tea=green")
    assert report.text.startswith("\n")


@pytest.mark.parametrize("view", ["stream", "async_stream"])
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_a_streaming_response_is_profiled_to_its_end(serve: Serve, folder: Path, view: str) -> None:
    if view == "async_stream" and not streams_asynchronously():
        pytest.skip("Django streams asynchronously from 4.2 on")
    with serve() as port:
        assert get(port, f"/{view}").text == "0\n1\n2\n"
        assert get(port, f"/{view}?profile").status == 200
    shown, sent = ProfileFolder(folder).profiles()
    assert sent.duration >= 0.06
    if view == "stream" or serve is serve_django_asgi:
        assert shown.duration >= 0.06
    else:  # where nothing can be awaited, what is sent asynchronously is not read for the report
        assert "pieces" not in (folder / shown.file_name).read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_a_stream_that_reads_from_the_database_is_held_where_it_may(serve: Serve) -> None:
    if serve is serve_django_asgi and not streams_asynchronously():
        pytest.skip("Django itself reads such a stream in the event loop up to 4.1")
    with configured(DEBUG=True), serve() as port:
        assert get(port, "/stream_of_rows").text == "row\n" * 3
        report = get(port, "/stream_of_rows?profile")
    assert (report.status, "GET /stream_of_rows" in report.text) == (200, True)


@pytest.mark.parametrize("view", ["stream", "async_stream"])
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_a_client_that_hangs_up_leaves_no_profile_running(
    serve: Serve, folder: Path, capfd: pytest.CaptureFixture[str], view: str
) -> None:
    if view == "async_stream" and not streams_asynchronously():
        pytest.skip("Django streams asynchronously from 4.2 on")
    with serve() as port:
        assert hang_up(port, f"/{view}") == b"0"
    assert len(ProfileFolder(folder).profiles()) == 1


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_a_response_that_cannot_be_replaced_is_given_back(serve: Serve) -> None:
    class Failing:
        def render(self, session: object) -> str:
            raise RuntimeError("no report today")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pyinstrument_integrations.report_format.default_renderer", lambda: Failing())
        with configured(DEBUG=True), serve() as port:
            teapot, stream = get(port, "/teapot?profile"), get(port, "/stream?profile")
    assert (teapot.status, teapot.text) == (418, "short and stout")
    assert (stream.status, stream.text) == (200, "0\n1\n2\n")


def test_without_debug_mode_asking_is_passed_over_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert [ask("/left/1?profile").text for _ in range(2)] == ["left"] * 2
    (record,) = [record for record in caplog.records if record.name == "pyinstrument"]
    assert "PYINSTRUMENT_SHOW_CALLBACK" in record.getMessage()


def test_the_show_callback_decides_on_pages_and_files(tmp_path: Path) -> None:
    def allow(request: Any) -> bool:
        return "staff" in request.GET

    settings = {"show_callback": allow, "profile_dir": tmp_path, "profile_dir_renderer": TEXT}
    assert ask("/left/1?profile", DEBUG=True, **settings).text == "left"
    assert ProfileFolder(tmp_path).profiles() == []
    assert "be_busy" in ask("/left/1?profile&staff", **settings).text
    assert len(ProfileFolder(tmp_path).profiles()) == 1


def always(request: Any) -> bool:
    """A callback, by its import path."""
    return True


def test_the_show_callback_may_be_a_path() -> None:
    assert "be_busy" in ask("/left/1?profile", show_callback=f"{__name__}.always").text


def test_the_query_key_has_another_name_if_wanted() -> None:
    assert "be_busy" in ask("/left/1?why", DEBUG=True, url_argument="why").text
    assert ask("/left/1?profile", DEBUG=True, url_argument="why").text == "left"
    assert ask("/left/1?profile", DEBUG=True, url_argument=None).text == "left"


def test_files_are_named_as_the_settings_say(folder: Path) -> None:
    def name(request: Any, session: Any, renderer: Any) -> str:
        return f"{request.method} {session.duration > 0} ../{renderer.output_file_extension}"

    ask("/left/1", filename="{kind} {path}.{ext}")
    ask("/left/1", filename_callback=name)
    ask("/left/1", filename_callback=lambda *_: 5)
    assert sorted(os.listdir(folder)) == [
        ".pyinstrument",
        "GET True .._txt",
        "GET _left_1.txt",
        "index.html",
    ]


@pytest.mark.parametrize("renderer", ["pstats", "session", "json", "speedscope", TEXT])
def test_files_may_have_any_format(tmp_path: Path, renderer: str) -> None:
    answer = ask("/left/1", profile_dir=tmp_path, profile_dir_renderer=renderer)
    assert answer.text == "left"
    assert len(ProfileFolder(tmp_path).profiles()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/left/../../x",
        "/left/\"'<script>",
        "/left/🐍",
        pytest.param("/left/" + "x" * 4_000, id="long"),
    ],
)
def test_any_path_can_be_saved(folder: Path, path: str) -> None:
    ask(path)
    assert len(ProfileFolder(folder).profiles()) == 1
    assert "<script" not in (folder / "index.html").read_text(encoding="utf-8")


def test_the_index_is_served_to_whom_profiles_are_shown(folder: Path) -> None:
    ask("/left/1", filename="x.{ext}")
    assert "x.txt" in ask("/profiles/", index_path="/profiles/").text
    assert "be_busy" in ask("/profiles/x.txt", index_path="/profiles/").text
    assert ask("/profiles/", index_path="/profiles/", DEBUG=False).status == 404


def test_a_setting_without_effect_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    assert ask("/left/1", use_signal=True).text == "left"
    assert "PYINSTRUMENT_USE_SIGNAL has no effect any more" in caplog.text


def test_a_setting_that_there_is_not_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    assert ask("/left/1", profile_directory="profiles").text == "left"
    assert "the setting PYINSTRUMENT_PROFILE_DIRECTORY has no effect" in caplog.text
    assert "FILENAME_CALLBACK, INDEX_PATH" in caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"interval": "often"}, "settings PYINSTRUMENT_.*interval must be"),
        ({"show_callback": 5}, "PYINSTRUMENT_SHOW_CALLBACK must be a function or the import path"),
        ({"show_callback": "no.such"}, "PYINSTRUMENT_SHOW_CALLBACK: cannot import 'no.such'"),
        ({"profile_dir": "x", "filename": "{nothing}"}, "template of profiles' file names"),
        ({"profile_dir": "x", "profile_dir_renderer": "steam"}, "there is no renderer 'steam'"),
    ],
)
def test_settings_are_checked_when_the_project_starts(
    settings: dict[str, Any], message: str
) -> None:
    with configured(**settings), pytest.raises(InvalidSettingError, match=message):
        get_wsgi_application()


def test_middleware_of_others_may_be_synchronous() -> None:
    if not POOL_IS_SEEN:
        pytest.skip("before Python 3.12, threads that run already cannot be watched")
    middleware = [f"{__name__}.OnlySync", MIDDLEWARE, f"{__name__}.OnlySync"]
    with configured(DEBUG=True, MIDDLEWARE=middleware), serve_django_asgi() as port:
        reports = [get(port, f"/{view}/1?profile").text for view in ("left", "async_left")]
    assert "left_in_thread" in reports[0], reports[0]
    assert "left " in reports[1], reports[1]


class OnlySync:
    """Middleware that Django runs in a thread."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)


def whose_database_says_so(request: Any) -> bool:
    """As a project's callback that looks at ``request.user`` behaves."""
    async_unsafe("as the database")(lambda: None)()
    return "staff" in request.GET


def test_the_show_callback_may_ask_the_database_under_asgi_too(
    serve: Serve, tmp_path: Path
) -> None:
    settings: Any = {
        "show_callback": whose_database_says_so,
        "profile_dir": str(tmp_path),
        "profile_dir_renderer": "text",
        "index_path": "/profiles/",
    }
    with configured(**settings), serve() as port:
        texts = [get(port, f"/async_left/{query}").text for query in ("1?profile", "2?staff")]
        shown = get(port, "/async_left/3?profile&staff").text
        statuses = [get(port, f"/profiles/{query}").status for query in ("", "?staff")]
    assert texts == ["left", "left"]
    assert "be_busy" in shown
    assert statuses == [404, 200]
    names = [saved.name for saved in ProfileFolder(tmp_path).profiles()]
    assert sorted(names) == ["/async_left/2?staff", "/async_left/3?profile&staff"]
