"""When a request is profiled, and what becomes of its profile, for all frameworks."""

from __future__ import annotations

import functools
import logging
import os
import sys
from pathlib import Path
from typing import Any, Iterable

import pytest

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.subject import Subject
from pyinstrument_integrations.web_profiler import Page, Plan, RequestProfile, WebProfiler
from pyinstrument_integrations.web_settings import WebSettings

SUBJECT = Subject("/users/5", "GET", "/users/{id}")
SHOWN = Plan(is_shown=True, is_saved=False)
SAVED = Plan(is_shown=False, is_saved=True)


def web(chance: Iterable[float] = (), **options: Any) -> WebProfiler:
    settings = WebSettings.of(options, renderer="text")
    return WebProfiler(settings, chance=iter(chance).__next__)


def plan(profiler: WebProfiler, query: str = "", request: object = None, debug: bool = True) -> Any:
    return profiler.plan(query, request, lambda: debug)


def profile(profiler: WebProfiler, wanted: Plan) -> RequestProfile:
    started = profiler.start(wanted, sys._getframe(), SUBJECT.title)
    assert started is not None
    started.stop(sys._getframe())
    return started


def test_nothing_is_profiled_unless_it_is_asked_for() -> None:
    assert plan(web()) is None
    assert plan(web(), "page=1") is None


def test_a_request_may_ask_for_its_profile_in_debug_mode() -> None:
    assert plan(web(), "profile") == SHOWN
    assert plan(web(query_key="why"), "a=b&why=1") == SHOWN
    assert plan(web(query_key=None), "profile") is None


def test_outside_of_debug_mode_asking_is_passed_over_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    profiler = web()
    assert [plan(profiler, "profile", debug=False) for _ in range(3)] == [None] * 3
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("pyinstrument", logging.WARNING)
    assert "?profile" in record.getMessage()


def test_allow_decides_instead_of_debug_mode() -> None:
    assert plan(web(allow=True), "profile", debug=False) == SHOWN
    assert plan(web(allow=False), "profile", debug=True) is None
    allow = web(allow=lambda request: request == "staff")
    assert plan(allow, "profile", "staff", debug=False) == SHOWN
    assert plan(allow, "profile", "guest", debug=True) is None


def test_an_allow_that_raises_allows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def allow(request: object) -> bool:
        raise LookupError("no session")

    assert plan(web(allow=allow), "profile") is None
    assert "LookupError: no session" in caplog.text


def test_a_coroutine_is_no_answer_to_who_may_see_profiles(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def nobody(request: object) -> bool:
        return False

    profiler = web(profile_dir=tmp_path, allow=lambda r: nobody(r), when=lambda r: nobody(r))
    assert plan(profiler, "profile") is None
    assert len(caplog.records) == 2
    assert "must not be awaited" in caplog.text


def test_coroutine_functions_are_refused_at_start_up() -> None:
    async def everybody(request: object) -> bool:
        return True

    class Everybody:
        async def __call__(self, request: object) -> bool:
            return True

    for name in ("allow", "when"):
        for function in (everybody, functools.partial(everybody), Everybody()):
            with pytest.raises(InvalidSettingError, match=f"{name} must not be a coroutine"):
                WebSettings.of({name: function})


def test_a_folder_gets_every_request_by_default(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path)
    assert plan(profiler) == SAVED
    assert plan(profiler, "profile") == Plan(is_shown=True, is_saved=True)
    assert plan(profiler, "profile", debug=False) == SAVED


def test_a_folder_may_get_one_request_in_some(tmp_path: Path) -> None:
    profiler = web([0.0, 0.24, 0.25, 0.99], profile_dir=tmp_path, one_in=4)
    assert [plan(profiler) for _ in range(4)] == [SAVED, SAVED, None, None]


def test_a_folder_may_get_only_some_requests(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path, when=lambda request: request == "slow")
    assert [plan(profiler, "", request) for request in ("slow", "quick")] == [SAVED, None]


def test_a_when_that_raises_chooses_nothing(tmp_path: Path) -> None:
    assert plan(web(profile_dir=tmp_path, when=lambda request: 1 / 0)) is None


def test_a_shown_report_keeps_the_status_where_a_body_may_go_with_it() -> None:
    for status, shown in ((200, 200), (418, 418), (302, 302), (204, 200), (304, 200), (0, 200)):
        page = profile(web(), SHOWN).deliver(SUBJECT, status)
        assert page is not None
        assert (page.status, page.content_type) == (shown, "text/plain; charset=utf-8")
        assert b"GET /users/5" in page.body


def test_a_saved_report_is_not_shown(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path)
    assert profile(profiler, SAVED).deliver(SUBJECT, 200) is None
    assert profiler.folder is not None
    (saved,) = profiler.folder.profiles()
    assert (saved.name, saved.route, saved.status) == ("/users/5", "/users/{id}", "200")


def test_a_profile_that_cannot_be_saved_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    profiler = web(profile_dir=tmp_path / "file")
    page = profile(profiler, Plan(True, True)).deliver(SUBJECT, 200)
    assert page is not None
    assert "cannot save a profile in" in caplog.text


def test_a_report_that_cannot_be_made_leaves_the_response_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing:
        def render(self, session: object) -> str:
            raise RuntimeError("no report today")

    assert profile(web(renderer=Failing()), SHOWN).deliver(SUBJECT, 200) is None
    assert "RuntimeError: no report today" in caplog.text


def test_a_name_for_the_file_may_come_from_the_framework(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path)
    profile(profiler, SAVED).deliver(SUBJECT, 200, file_name=lambda session: "mine.txt")
    assert "mine.txt" in os.listdir(tmp_path)


def test_any_number_of_profiles_may_run_at_once() -> None:
    profiler = web()
    running = [profiler.start(SHOWN, sys._getframe(), str(number)) for number in range(5)]
    pages = []
    for number, started in enumerate(running):
        assert started is not None
        started.stop(sys._getframe())
        pages.append(started.deliver(Subject(str(number)), 200))
    assert all(pages)


def test_stopping_twice_is_stopping_once() -> None:
    started = profile(web(), SHOWN)
    session = started.session
    started.stop(sys._getframe())
    assert started.session is session is not None


def index(profiler: WebProfiler, path: str, debug: bool = True) -> Page | None:
    return profiler.index(path, None, lambda: debug)


def test_the_index_lists_and_opens_what_is_saved(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path, index_path="/profiles/", file_name="a b.{ext}")
    profile(profiler, SAVED).deliver(SUBJECT, 200)
    page = index(profiler, "/profiles/")
    assert page is not None
    assert (page.status, page.content_type) == (200, "text/html; charset=utf-8")
    assert b'<a href="a%20b.txt">GET /users/5</a>' in page.body
    report = index(profiler, "/profiles/a b.txt")
    assert report == Page((tmp_path / "a b.txt").read_bytes(), "text/plain; charset=utf-8")


def test_the_index_is_shown_to_whom_profiles_are_shown(tmp_path: Path) -> None:
    profiler = web(profile_dir=tmp_path, index_path="/profiles/")
    assert index(profiler, "/profiles/", debug=False) is None
    assert index(profiler, "/other") is None


@pytest.mark.parametrize(
    "name", ["../x", "..%2fx", "index.html", ".pyinstrument/x.json", "x" * 4_000]
)
def test_nothing_but_saved_reports_is_opened(tmp_path: Path, name: str) -> None:
    profiler = web(profile_dir=tmp_path, index_path="/profiles/")
    page = index(profiler, f"/profiles/{name}")
    assert page is not None
    assert page.status == 404


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query_key": ""}, "query_key must be a word or None, not ''"),
        ({"allow": "staff"}, "allow must be True, False, None or a function, not 'staff'"),
        ({"when": True}, "when must be a function or None, not True"),
        ({"one_in": 0}, "one_in must be a number from 1 on, not 0"),
        ({"interval": -1}, "interval must be"),
        ({"renderer": "steam"}, "there is no renderer 'steam'"),
        ({"profile_dir": 5}, "the folder for profiles must be a path, not 5"),
        ({"profile_dir": "x", "keep": 0}, "keep must be a number from 1 on, not 0"),
        ({"slower_than": -1}, "slower_than must be a number from 0 on, not -1"),
        ({"file_renderer": "steam"}, "there is no renderer 'steam'"),
        ({"index_path": "/profiles/"}, "index_path shows what is in profile_dir: set that too"),
        ({"profile_dir": "x", "index_path": "x"}, "index_path must begin and end with a slash"),
    ],
)
def test_settings_are_checked_at_start_up(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        WebSettings.of(options)


def test_an_unknown_setting_is_a_type_error_that_lists_those_there_are() -> None:
    with pytest.raises(TypeError, match="unknown setting 'colour'; there are: query_key, allow"):
        WebSettings.of({"colour": 1})
