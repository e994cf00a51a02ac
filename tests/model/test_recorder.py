"""``Recorder``: start, stop, snapshot, restart, and frames of its own that never show."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any, Callable

import pytest

from pyinstrument_model import Recorder, RecorderStateError, Session
from pyinstrument_sampler.errors import ClockError, InvalidOptionError


class FakeClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds


def make_recorder(clock: Callable[[], float]) -> Recorder:
    return Recorder(0.5, clock=clock, engine="reference")


def names(session: Session) -> list[str]:
    return [node.function for node in session.call_tree().iter_nodes()]


def test_a_recorder_gives_a_session_of_what_ran() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    recorder.start()
    clock.spend(2)
    session = recorder.stop()
    tree = session.call_tree()
    assert tree.root is not None
    assert (tree.root.function, tree.root.time) == (sys._getframe().f_code.co_name, 2.0)
    assert session.sys_path == tuple(sys.path)
    assert sys.prefix in session.sys_prefixes
    assert recorder.last_session is session


def test_its_own_functions_never_show() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    with recorder:
        clock.spend(1)
        recorder.snapshot()
        clock.spend(1)
    session = recorder.last_session
    assert session is not None
    own = os.path.join("pyinstrument_model", "recorder.py")
    files = [node.file_path or "" for node in session.call_tree().iter_nodes()]
    assert [file for file in files if file.endswith(own)] == []
    assert session.call_tree().total_ns == 2_000_000_000


def test_the_title_says_where_it_started() -> None:
    recorder = make_recorder(FakeClock())
    recorder.start()
    line = sys._getframe().f_lineno - 1
    assert recorder.stop().target_description == f"Profile at {__file__}:{line}"


def test_a_title_can_be_given() -> None:
    recorder = make_recorder(FakeClock())
    recorder.start(target_description="Request /tea")
    assert recorder.stop().target_description == "Request /tea"


def test_a_restart_adds_to_what_there_is() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    for title in ("first", "second"):
        recorder.start(target_description=title)
        clock.spend(2)
        recorder.stop()
    session = recorder.last_session
    assert session is not None
    assert session.target_description == "first"
    assert session.call_tree().total_ns == 4_000_000_000


def test_runs_are_put_together_only_when_somebody_asks() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    sessions = []
    for _ in range(3):
        recorder.start()
        clock.spend(2)
        sessions.append(recorder.stop())
    assert [len(session.recordings) for session in sessions] == [1, 2, 3]
    assert [session.duration for session in sessions] == [2.0, 4.0, 6.0]
    assert [len(session.recordings) for session in sessions] == [1, 1, 1]


def test_reset_forgets_and_stops() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    recorder.start()
    clock.spend(2)
    recorder.reset()
    assert (recorder.is_running, recorder.last_session) == (False, None)
    recorder.start()
    clock.spend(1)
    assert recorder.stop().call_tree().total_ns == 1_000_000_000


def test_a_snapshot_goes_on_recording() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    recorder.start()
    clock.spend(1)
    first = recorder.snapshot().call_tree().total_ns
    clock.spend(1)
    assert recorder.is_running
    assert (first, recorder.stop().call_tree().total_ns) == (1_000_000_000, 2_000_000_000)


def test_a_block_that_raises_is_recorded() -> None:
    clock = FakeClock()
    recorder = make_recorder(clock)
    with pytest.raises(KeyError):
        with recorder:
            clock.spend(1)
            raise KeyError("tea")
    assert recorder.last_session is not None
    assert recorder.last_session.call_tree().total_ns == 1_000_000_000


def test_another_thread_may_stop() -> None:
    recorder = make_recorder(FakeClock())
    recorder.start()
    thread = threading.Thread(target=recorder.stop)
    thread.start()
    thread.join()
    assert recorder.last_session is not None


def test_it_cannot_start_twice_nor_stop_or_look_before() -> None:
    recorder = make_recorder(FakeClock())
    with pytest.raises(RecorderStateError, match="not running; start"):
        recorder.stop()
    with pytest.raises(RecorderStateError, match="not running; start"):
        recorder.snapshot()
    recorder.start()
    with pytest.raises(RecorderStateError, match="running already: stop"):
        recorder.start()
    recorder.stop()


def test_impossible_options_are_refused() -> None:
    with pytest.raises(InvalidOptionError, match="interval"):
        Recorder(interval=0)


@pytest.mark.parametrize("threads", ["all", {1, 2}])
def test_threads_are_the_samplers_business(threads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "pyinstrument_model.recorder.Sampler", lambda interval, **options: given.append(options)
    )
    Recorder(threads=threads)
    assert [options["threads"] for options in given] == [threads]


def test_what_was_recorded_before_a_clock_broke_is_kept() -> None:
    clock = FakeClock()
    readings = iter(range(1, 1000))
    broken = {"after": 10**9}

    def reading() -> float:
        if next(readings) > broken["after"]:
            raise ZeroDivisionError
        return clock.now

    def work() -> None:
        clock.spend(1)

    recorder = make_recorder(reading)
    recorder.start()
    work()
    work()
    broken["after"] = 0
    work()
    with pytest.raises(ClockError):
        recorder.stop()
    assert recorder.last_session is not None
    assert "work" in names(recorder.last_session)
