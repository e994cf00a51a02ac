"""The small parts that all integrations share: options, formats, failures, queries."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from support.made_up_sessions import small_session

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.extras import missing_extra
from pyinstrument_integrations.failures import Contained, tell_once
from pyinstrument_integrations.query import has_key
from pyinstrument_integrations.record_options import RecordOptions
from pyinstrument_integrations.report_format import (
    ReportFormat,
    content_type_of,
    default_renderer,
)
from pyinstrument_integrations.settings import record_options
from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer
from pyinstrument_renderers.html import HTMLRenderer
from pyinstrument_renderers.registry import renderer_names
from pyinstrument_renderers.settings import Settings


def test_a_failure_of_ours_is_logged_and_goes_no_further(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Contained("saving a profile") as contained:
        raise OSError("disk full")
    assert contained.has_failed
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("pyinstrument", logging.ERROR)
    assert record.getMessage() == (
        "pyinstrument failed while saving a profile, and the program goes on without: "
        "OSError: disk full"
    )


def test_the_same_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    for folder in ("a", "a", "b"):
        with Contained("saving a profile"):
            raise OSError(folder)
    assert len(caplog.records) == 2


def test_an_interrupt_is_no_failure_of_ours() -> None:
    with pytest.raises(KeyboardInterrupt), Contained("saving a profile"):
        raise KeyboardInterrupt


def test_logging_that_fails_is_no_failure_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise RuntimeError("no log today")

    monkeypatch.setattr(logging.getLogger("pyinstrument"), "handlers", [Broken()])
    tell_once("something")


def test_a_missing_framework_is_an_import_error_that_names_the_extra() -> None:
    error = missing_extra("django", ModuleNotFoundError("No module", name="django"))
    assert isinstance(error, ImportError)
    assert error.name == "django"
    assert str(error) == (
        "pyinstrument's integration 'django' needs 'django', which cannot be imported: "
        "pip install 'pyinstrument[django]'"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interval": 0}, "interval must be a number of seconds above 0, not 0"),
        ({"async_mode": "maybe"}, "async_mode must be one of .*, not 'maybe'"),
        ({"engine": "steam"}, "steam"),
        ({"threads": "some"}, "threads must be .*, not 'some'"),
        ({"threads": {1}}, "threads must be 'current', 'all' or 'linked', not {1}"),
        ({"threads": "linked", "async_mode": "disabled"}, "needs a profiled context"),
    ],
)
def test_options_that_cannot_be_recorded_with_are_refused(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        RecordOptions(**options).checked()


def test_an_engine_that_cannot_run_here_is_refused_with_the_reason() -> None:
    hook = sys.getprofile()
    sys.setprofile(lambda *event: None)
    try:
        with pytest.raises(InvalidSettingError) as caught:
            record_options(Settings(engine="reference"))
    finally:
        sys.setprofile(hook)
    assert str(caught.value).startswith(
        "engine 'reference' is not available: reference needs the thread's profile function, "
        "which is taken (sys.getprofile(): function); "
    )


def test_what_is_given_counts_and_else_the_settings() -> None:
    settings = Settings(interval=0.01, threads="all", engine="safepoint")
    given = record_options(settings, interval=0.02, engine="reference", threads=None)
    assert given == RecordOptions(interval=0.02, engine="reference", threads="all")


def test_a_renderer_may_be_a_name_a_path_a_class_or_an_instance() -> None:
    path = "pyinstrument_renderers.console.ConsoleRenderer"
    for renderer in ("text", path, ConsoleRenderer, ConsoleRenderer()):
        report = ReportFormat(renderer)
        assert (report.extension, report.content_type) == ("txt", "text/plain; charset=utf-8")
        assert report.render(small_session()) == ReportFormat("text").render(small_session())


def test_a_renderer_is_made_with_options() -> None:
    all_of_it = ReportFormat("json", {"show_all": True})
    assert all_of_it.content_type == "application/json"
    assert json.loads(all_of_it.render(small_session()))


def test_binary_reports_are_told_apart() -> None:
    assert ReportFormat("pstats").content_type == "application/octet-stream"
    assert ReportFormat("session").content_type == "application/octet-stream"


@pytest.mark.parametrize("name", sorted({*renderer_names()} - {"html"}))
def test_a_saved_report_has_the_content_type_of_a_shown_one(name: str) -> None:
    report = ReportFormat(name)
    assert content_type_of(f"x.{report.extension}") == report.content_type


def test_html_is_the_default_where_it_is_installed() -> None:
    assert default_renderer() == ("html" if "html" in renderer_names() else "text")


@pytest.mark.parametrize(
    ("renderer", "options", "message"),
    [
        ("nothing", None, "renderer 'nothing': there is no renderer 'nothing'; there are: "),
        ("no.such.Class", None, "renderer 'no.such.Class': cannot import"),
        ("text", {"nothing": 1}, "has no option 'nothing'"),
        (5, None, "must be a name, an import path or a renderer, not 5"),
        (ConsoleRenderer(), {"color": True}, "belong to a renderer's name or class"),
        (dict, {}, "must be a name"),
    ],
)
def test_a_renderer_that_is_none_is_refused(
    renderer: object, options: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        ReportFormat(renderer, options)


def test_renderers_written_for_other_releases_need_render_only() -> None:
    class Old:
        output_file_extension = "old"

        def render(self, session: object) -> str:
            return "é"

    assert ReportFormat(Old).render(small_session()) == "é".encode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("profile", True), ("profile=1", True), ("a=b&profile", True), ("%70rofile", True),
        ("", False), ("profiles", False), ("a=profile", False), ("xprofile=1", False),
        ("&&=&", False), ("pro%66", False),
    ],
)  # fmt: skip
def test_a_key_of_a_query_is_found(query: str, found: bool) -> None:
    assert has_key(query, "profile") is found


def test_a_subclass_that_renders_by_itself_is_asked_for_that() -> None:
    class Short(HTMLRenderer):
        def render(self, session: Session) -> str:
            return f"{session.target_description}: fine"

    session = small_session()
    report = ReportFormat(Short)
    assert report.render(session).decode() == f"{session.target_description}: fine"
