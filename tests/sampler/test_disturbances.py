"""Whatever a program does meanwhile, a recording is whole and the program is not disturbed."""

from __future__ import annotations

import gc
import os
import sys
import threading
from types import FrameType
from typing import Any, Iterator

import pytest
from support.sampling import ONE, FakeClock, rows, run_python, sampler
from support.whole import assert_whole

from pyinstrument_sampler import (
    ClockError,
    Recording,
    Sampler,
    SamplerStateError,
    async_context,
)

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")


class Collected:
    """Garbage whose end runs code of the program."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(20):
            sorted(range(5), key=lambda number: -number)


@pytest.fixture
def eager_collector() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(1, 1, 1)
    yield
    gc.set_threshold(*before)


def test_snapshots_are_whole_while_finalizers_run(engine: str, eager_collector: None) -> None:
    with Sampler(1e-6, engine=engine) as s:
        for _ in range(100):
            Collected()
            Collected()
            assert_whole(s.snapshot())
    assert s.recording is not None
    assert_whole(s.recording)


def test_snapshots_and_stops_of_several_threads_at_once(engine: str, eager_collector: None) -> None:
    failures: list[BaseException] = []
    s = Sampler(1e-6, engine=engine)
    is_ready = threading.Barrier(4, timeout=30)

    def watch() -> None:
        try:
            is_ready.wait()
            for _ in range(20):
                assert_whole(s.snapshot())
            assert_whole(s.stop())
        except SamplerStateError:
            pass  # another was quicker
        except BaseException as error:
            failures.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        s.start()
        threads = [threading.Thread(target=watch) for _ in range(3)]
        for thread in threads:
            thread.start()
        is_ready.wait()
        while s.is_running:
            Collected()
        for thread in threads:
            thread.join(30)
    finally:
        sys.setswitchinterval(before)

    assert failures == []
    assert s.recording is not None
    assert_whole(s.recording)


def test_program_does_not_wait_for_the_snapshot_of_another_thread(
    engine: str, clock: FakeClock
) -> None:
    is_looking, may_go_on = threading.Event(), threading.Event()

    def read() -> float:
        if threading.current_thread() is looking:
            is_looking.set()
            assert may_go_on.wait(30)
        return float(len(clock))

    s = Sampler(0.5, clock=read, engine=engine)
    found: list[Recording] = []
    looking = threading.Thread(target=lambda: found.append(s.snapshot()))
    with s:
        looking.start()
        assert is_looking.wait(30)
        clock.append(0)
        clock.append(0)
        may_go_on.set()
        looking.join(60)

    assert s.recording is not None
    for recording in (*found, s.recording):
        assert_whole(recording)
    assert [recording.facts.notes for recording in found] == [()]
    assert s.recording.facts.duration_ns == 2 * 10**9


def test_finalizers_may_stop_a_sampler_while_an_event_begins(engine: str) -> None:
    program = """
        import gc
        from pyinstrument_sampler import Sampler

        class Stopping:
            def __init__(self):
                self.itself = self
            def __del__(self):
                sampler.stop()
                another = Sampler(1000, engine=ENGINE)
                another.start()
                another.stop()

        class Thing:
            pass

        def work():
            pass

        gc.disable()
        for _ in range(200):
            sampler = Sampler(1000, engine=ENGINE)
            Stopping()
            gc.set_threshold(1, 1, 1)
            sampler.start()
            gc.enable()
            work()
            things = []
            while sampler.is_running:
                things.append(Thing())
            gc.disable()
        print("whole")
        """
    assert run_python(program, engine) == "whole\n"


def test_metaclasses_are_not_asked_for_names(engine: str, clock: FakeClock) -> None:
    if engine == "reference":
        pytest.skip("pure Python can only ask; what raises is left out of the name")

    class Strange(type):
        def __getattribute__(cls, name: str) -> Any:
            raise AssertionError("the sampler ran code of the program")

    class Ticking(FakeClock, metaclass=Strange):
        pass

    ticking = type.__call__(Ticking)
    with Sampler(0.5, engine=engine, clock=lambda: float(list.__len__(ticking))) as s:
        ticking.append(0)

    assert s.recording is not None
    assert s.recording.facts.notes == ()
    assert sum(s.recording.samples.duration_ns) == 10**9


def test_error_of_a_clock_that_cannot_be_shown(engine: str, clock: FakeClock) -> None:
    class Unshowable(Exception):
        def __repr__(self) -> str:
            raise LookupError("no text")

    def read() -> float:
        if clock:
            raise Unshowable
        return 0.0

    s = Sampler(0.5, clock=read, engine=engine)
    s.start()
    clock.append(0)
    with pytest.raises(ClockError, match="the clock raised Unshowable; the recording ends"):
        s.stop()


@pytest.mark.parametrize("reading", [1, 2, 3, 4])
def test_stop_that_was_interrupted_can_be_repeated(engine: str, reading: int) -> None:
    readings = []

    def is_in_stop() -> bool:
        frame: FrameType | None = sys._getframe()
        while frame is not None and frame.f_code is not Sampler.stop.__code__:
            frame = frame.f_back
        return frame is not None

    def read() -> float:
        if is_in_stop():
            readings.append(0)
            if len(readings) == reading:
                raise KeyboardInterrupt
        return 0.0

    s = Sampler(1000, clock=read, engine=engine)
    s.start()
    with pytest.raises(KeyboardInterrupt):
        s.stop()

    assert_whole(s.stop())
    assert not s.is_running


def interrupt_at(patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    """The next call of a function ends with an exception, as of a signal handler."""
    original = getattr(owner, name)

    def interrupted(argument: object) -> None:
        patch.undo()
        original(argument)
        raise KeyboardInterrupt

    patch.setattr(owner, name, interrupted)


def test_start_that_was_interrupted_can_be_repeated(
    engine: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = sampler(clock, engine)
    interrupt_at(monkeypatch, async_context, "enter")
    with pytest.raises(KeyboardInterrupt):
        s.start()
    assert not s.is_running

    with s:
        clock.append(0)
    assert s.recording is not None
    assert rows(s.recording) == [("FakeClock.append", 1)]
    assert async_context.ACTIVE.get() == ()


def test_start_that_was_interrupted_leaves_no_hook_in_python(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = sampler(clock, "reference")
    interrupt_at(monkeypatch, sys, "setprofile")
    with pytest.raises(KeyboardInterrupt):
        s.start()

    assert (s.is_running, sys.getprofile()) == (False, None)


def test_what_snapshots_find_again_is_noted_once(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    thread = threading.Thread(target=s.start)
    thread.start()
    thread.join()
    for _ in range(3):
        clock.append(0)
        s.snapshot()

    assert len(s.stop().facts.notes) == 1


def test_hooks_of_ended_threads_do_not_pile_up(engine: str, clock: FakeClock) -> None:
    def hooks() -> int:
        with sampler(clock, engine):
            pass
        gc.collect()
        return sum(type(thing).__name__ == "ThreadHook" for thing in gc.get_objects())

    before = hooks()
    for _ in range(5):
        s = sampler(clock, engine)
        thread = threading.Thread(target=s.start)
        thread.start()
        thread.join()
        s.stop()
    del s, thread

    assert hooks() == before


def test_interval_of_ages_gives_one_sample(engine: str) -> None:
    with Sampler(1e300, engine=engine) as s:
        pass
    assert s.recording is not None
    assert s.recording.facts.sample_count == 1


def test_hook_that_is_put_back_goes_on(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += ONE

    with sampler(clock, engine) as s:
        work()
        saved = sys.getprofile()
        sys.setprofile(None)
        sys.setprofile(saved)
        work()

    assert sys.getprofile() is None
    assert s.recording is not None
    assert rows(s.recording) == [("work", 2)]


def test_sampler_that_lost_its_hook_leaves_the_next_ones(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += ONE

    first, second = sampler(clock, engine), sampler(clock, engine)
    first.start()
    sys.setprofile(None)
    second.start()
    work()
    lost = rows(first.stop())
    work()

    assert rows(second.stop()) == [("work", 2)]
    assert lost == ([("work", 1)] if engine == "monitoring" else [("[unobserved]", 1)])


@needs_fork
def test_child_of_a_fork_that_python_does_not_know_of(engine: str) -> None:
    pytest.importorskip("ctypes")
    program = """
        import ctypes, os
        from pyinstrument_sampler import Sampler

        sampler = Sampler(1e-4, engine=ENGINE)
        sampler.start()
        for _ in range(200):
            sorted(range(1000), key=lambda number: -number)
        child = ctypes.PyDLL(None).fork()
        if not child:
            sampler.stop()
            with Sampler(1e-4, engine=ENGINE) as again:
                sorted(range(1000), key=lambda number: -number)
            facts = again.recording.facts
            os._exit(0 if facts.own_cpu_ns >= 0 and facts.duration_ns else 1)
        assert os.waitpid(child, 0)[1] == 0
        sampler.stop()
        print("done")
    """
    assert run_python(program, engine) == "done\n"
