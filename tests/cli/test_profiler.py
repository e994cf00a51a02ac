"""``Profiler``: states, output, and the keywords of earlier versions, on a fake clock."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any, Callable

import pytest
from support.html_pages import Page

from pyinstrument import Profiler, profile
from pyinstrument.errors import (
    InvalidOptionError,
    NoSessionError,
    ProfilerNotRunningError,
    ProfilerRunningError,
    PyinstrumentError,
)
from pyinstrument.frame import Frame
from pyinstrument.renderers import ConsoleRenderer, HTMLRenderer, JSONRenderer, SessionRenderer
from pyinstrument_model import Session


class Clock:
    """Seconds that pass only when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


def one_second(clock: Clock) -> None:
    clock.work(1.0)


def two_seconds(clock: Clock) -> None:
    clock.work(2.0)


def profiled() -> Profiler:
    clock = Clock()
    with Profiler(clock=clock) as profiler:
        one_second(clock)
        two_seconds(clock)
    return profiler


def times(session: Session | None) -> dict[str, float]:
    """Seconds by function, of the tests' own ones."""
    assert session is not None
    found: dict[str, float] = {}
    root = session.root_frame()
    waiting: list[Frame] = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children)
        if node.function.endswith(("_second", "_seconds")):
            found[node.function] = found.get(node.function, 0) + node.time
    return found


def test_a_profile_tells_where_the_time_went() -> None:
    profiler = profiled()
    assert times(profiler.last_session) == {"one_second": 1.0, "two_seconds": 2.0}


def test_start_and_stop_are_the_long_form_of_the_context_manager() -> None:
    clock = Clock()
    profiler = Profiler(clock=clock)
    profiler.start()
    one_second(clock)
    assert profiler.is_running
    session = profiler.stop()
    assert not profiler.is_running
    assert session is profiler.last_session
    assert times(session) == {"one_second": 1.0}


def test_starting_again_adds_to_what_there_is() -> None:
    clock = Clock()
    profiler = Profiler(clock=clock)
    with profiler:
        one_second(clock)
    with profiler:
        one_second(clock)
        two_seconds(clock)
    assert times(profiler.last_session) == {"one_second": 2.0, "two_seconds": 2.0}


def test_reset_stops_and_forgets() -> None:
    profiler = profiled()
    profiler.start()
    profiler.reset()
    assert (profiler.is_running, profiler.last_session) == (False, None)


def test_the_title_says_where_the_profile_was_started() -> None:
    profiler = Profiler()
    profiler.start(target_description="My title")
    assert profiler.stop().target_description == "My title"
    profiler = Profiler()
    profiler.start()
    line = sys._getframe().f_lineno - 1
    assert profiler.stop().target_description == f"Profile at {__file__}:{line}"


def test_the_block_may_stop_the_profiler_itself() -> None:
    with Profiler() as profiler:
        profiler.stop()
    assert profiler.last_session is not None


def test_an_exception_goes_through_and_leaves_a_session() -> None:
    profiler = Profiler()
    with pytest.raises(KeyError), profiler:
        raise KeyError("mine")
    assert profiler.last_session is not None


def test_another_thread_may_stop_it() -> None:
    clock = Clock()
    profiler = Profiler(clock=clock)
    profiler.start()
    one_second(clock)
    sessions: list[Session] = []
    thread = threading.Thread(target=lambda: sessions.append(profiler.stop()))
    thread.start()
    thread.join()
    assert sessions == [profiler.last_session]
    assert times(sessions[0]) == {"one_second": 1.0}


def test_two_profilers_run_at_once_with_their_own_spans() -> None:
    clock = Clock()
    with Profiler(clock=clock) as outer:
        one_second(clock)
        with Profiler(clock=clock) as inner:
            two_seconds(clock)
    assert times(inner.last_session) == {"two_seconds": 2.0}
    assert times(outer.last_session) == {"one_second": 1.0, "two_seconds": 2.0}


@pytest.mark.parametrize(
    "options", [{"async_mode": "on"}, {"interval": 0}, {"interval": "x"}, {"engine": "none"}]
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOptionError, match=next(iter(options))) as caught:
        Profiler(**options)
    assert isinstance(caught.value, ValueError)


def test_starting_a_running_profiler_is_the_error_it_always_was() -> None:
    with Profiler() as profiler:
        with pytest.raises(ProfilerRunningError) as caught:
            profiler.start()
    assert isinstance(caught.value, ValueError)


def test_stopping_a_profiler_that_does_not_run_is_the_error_it_always_was() -> None:
    with pytest.raises(ProfilerNotRunningError) as caught:
        Profiler().stop()
    assert isinstance(caught.value, RuntimeError)


OUTPUTS: dict[str, Callable[[Profiler], object]] = {
    "print": lambda profiler: profiler.print(),
    "output_text": lambda profiler: profiler.output_text(),
    "output": lambda profiler: profiler.output(JSONRenderer()),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_needs_a_finished_session(name: str) -> None:
    with pytest.raises(NoSessionError, match="nothing was profiled yet"):
        OUTPUTS[name](Profiler())
    with Profiler() as profiler, pytest.raises(ProfilerRunningError, match="stop"):
        OUTPUTS[name](profiler)


def test_print_goes_to_what_standard_output_is_now() -> None:
    profiler = profiled()
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        profiler.print()
    assert "2.000 two_seconds" in stream.getvalue()


def test_print_asks_the_file_for_colour_and_unicode() -> None:
    profiler = profiled()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    profiler.print(stream)
    stream.seek(0)
    assert "`- 1.000 one_second" in stream.read()


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, "3.000 test_options_of_the_text_report"),
        ({"unicode": True}, "├─ 2.000 two_seconds"),
        ({"flat": True}, "3.000 Clock.work"),
        ({"flat": True, "flat_time": "total"}, "2.000 two_seconds"),
        ({"time": "percent_of_total"}, "66.7% two_seconds"),
        ({"timeline": True}, "1.000 one_second"),
        ({"show_all": True}, "1.000 one_second"),
        ({"clock": "wall"}, "2.000 two_seconds"),
        ({"short_mode": True}, ".  |- 2.000 two_seconds"),
        ({"color": True}, "\x1b["),
        ({"processor_options": {"filter_threshold": 0.5}}, "2.000 two_seconds"),
    ],
)
def test_options_of_the_text_report(options: dict[str, Any], expected: str) -> None:
    clock = Clock()
    with Profiler(clock=clock) as profiler:
        one_second(clock)
        two_seconds(clock)
    assert expected in profiler.output_text(**options)


def test_text_and_print_say_the_same() -> None:
    profiler = profiled()
    stream = io.StringIO()
    profiler.print(stream, unicode=False, color=False)
    assert stream.getvalue() == profiler.output_text() + "\n"
    assert profiler.output_text() == profiler.output(ConsoleRenderer())


def test_a_session_goes_out_as_bytes_and_comes_back() -> None:
    profiler = profiled()
    content = profiler.output(SessionRenderer())
    assert isinstance(content, bytes)
    assert Session.from_bytes(content) == profiler.last_session


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Addresses that a browser was asked to open; temporary files are the test's own."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return found


def test_html_comes_as_text_as_a_file_and_in_a_browser(opened: list[str], tmp_path: Path) -> None:
    profiler = profiled()
    page = profiler.output_html()
    assert profiler.last_session is not None
    assert Page(page).session.recording == profiler.last_session.recording
    assert page == profiler.output(HTMLRenderer())
    profiler.write_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page
    path = Path(profiler.open_in_browser())
    assert opened == [path.as_uri()]
    assert path.read_text(encoding="utf-8") == page


def test_options_of_html_are_where_its_viewer_starts(opened: list[str], tmp_path: Path) -> None:
    profiler = profiled()
    options: dict[str, Any] = {
        "timeline": True,
        "show_all": True,
        "processor_options": {"filter_threshold": 0.5},
    }
    start = {"view": "timeline", "show_all": True, "filter_threshold": 0.5}
    assert Page(profiler.output_html(**options)).start == start
    profiler.write_html(str(tmp_path / "report.html"), **options)
    assert Page((tmp_path / "report.html").read_text(encoding="utf-8")).start == start
    path = profiler.open_in_browser(**options)
    assert Page(Path(path).read_text(encoding="utf-8")).start == start


def test_an_interval_to_resample_html_at_is_taken_with_a_warning(
    opened: list[str], tmp_path: Path
) -> None:
    profiler = profiled()
    with pytest.warns(
        DeprecationWarning, match="resample_interval .*: all samples are in the page"
    ) as caught:
        profiler.output_html(resample_interval=0.1)
        profiler.write_html(str(tmp_path / "report.html"), resample_interval=0.1)
        profiler.open_in_browser(resample_interval=0.1)
    assert [warning.filename for warning in caught] == [__file__] * 3


def test_old_keywords_are_taken_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match="use_timing_thread has no effect") as caught:
        assert Profiler(use_timing_thread=True).use_timing_thread is True
    assert [warning.filename for warning in caught] == [__file__]
    clock = Clock()
    with pytest.warns(DeprecationWarning, match="timer= is called clock= now"):
        profiler = Profiler(timer=clock)
    with profiler:
        one_second(clock)
    assert times(profiler.last_session) == {"one_second": 1.0}


def test_the_profilers_own_functions_are_in_no_report() -> None:
    text = profiled().output_text(show_all=False)
    assert not [line for line in text.splitlines() if "profiler.py:" in line.replace(__file__, "")
                and "test_profiler.py" not in line]  # fmt: skip


def test_threads_are_handed_to_the_recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(
        "pyinstrument.profiler.Recorder", lambda *_, **options: given.append(options["threads"])
    )
    Profiler()
    Profiler(threads="all")
    profile(threads={1, 2})
    assert given == ["current", "all", {1, 2}]


def test_all_errors_have_one_base() -> None:
    import pyinstrument.errors as errors

    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    assert [found for found in classes if not issubclass(found, PyinstrumentError)] == []
