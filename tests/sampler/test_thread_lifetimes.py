"""Several threads are recorded, and nothing of it stays: hooks, clocks, forks, exits."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from support.sampling import ONE, FakeClock, rows, run_python, sampler
from support.threads import (
    Work,
    Worker,
    assert_without_gaps,
    leaf_seconds,
    run_thread,
    thread_seconds,
)

from pyinstrument_sampler import (
    ClockError,
    Recording,
    Sampler,
)


def test_samplers_of_different_threads_run_side_by_side(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as one, sampler(clock, engine, threads="all") as every:
        run_thread(Work(clock).work)
        with sampler(clock, engine) as inner:
            Work(clock).more()

    assert one.recording is not None and every.recording is not None
    assert inner.recording is not None
    assert thread_seconds(one.recording) == {"MainThread": 5}
    assert thread_seconds(every.recording) == {"MainThread": 5, "worker": 2}
    assert rows(inner.recording) == [("Work.more", 3)]


def test_thread_may_sample_itself_while_it_is_recorded(engine: str, clock: FakeClock) -> None:
    found = []

    def sample_itself() -> None:
        with sampler(clock, engine) as own:
            Work(clock).more()
        assert own.recording is not None
        found.append(rows(own.recording))
        Work(clock).work()

    with sampler(clock, engine, threads="all") as s:
        run_thread(sample_itself)

    assert s.recording is not None
    assert found == [[("Work.more", 3)]]
    assert leaf_seconds(s.recording)["worker"] == {"Work.more": 3, "Work.work": 2}


def test_any_thread_may_take_a_snapshot_and_stop(engine: str, clock: FakeClock) -> None:
    recordings: list[Recording] = []

    def look() -> None:
        self_work.work()
        recordings.append(s.snapshot())
        self_work.work()
        recordings.append(s.stop())

    self_work = Work(clock)
    s = sampler(clock, engine, threads="all")
    s.start()
    self_work.more()
    run_thread(look)

    assert [thread_seconds(recording) for recording in recordings] == [
        {"MainThread": 5, "worker": 2},
        {"MainThread": 7, "worker": 4},
    ]
    for recording in recordings:
        assert_without_gaps(recording)


def test_nothing_is_left_on_any_thread(engine: str, clock: FakeClock) -> None:
    found = []
    with Worker("early") as early:
        with sampler(clock, engine, threads="all"):
            late = Worker("late")
            early.do(Work(clock).work)
            late.do(Work(clock).work)
        with late:
            for worker in (early, late):
                worker.do(lambda: None)
                worker.do(lambda: found.append(sys.getprofile()))
    run_thread(lambda: found.append(sys.getprofile()))

    assert found == [None, None, None]
    assert threading._profile_hook is None


def test_profile_function_of_another_thread_stays(engine: str, clock: FakeClock) -> None:
    def own(*event: object) -> None:
        pass

    found = []
    with Worker("busy") as busy:
        busy.do(lambda: sys.setprofile(own))
        with sampler(clock, engine, threads="all") as s:
            busy.do(Work(clock).work)
        busy.do(lambda: found.append(sys.getprofile()))
        busy.do(lambda: sys.setprofile(None))

    assert s.recording is not None
    assert found == [own]
    if engine == "monitoring":
        assert s.recording.facts.notes == ()
    else:
        assert "busy" in s.recording.facts.notes[0]
        assert set(thread_seconds(s.recording)) == {"MainThread"}


def test_profile_function_for_new_threads_stays(engine: str, clock: FakeClock) -> None:
    def own(*event: object) -> None:
        pass

    found = []

    def body() -> None:
        found.append(sys.getprofile())
        Work(clock).work()

    threading.setprofile(own)
    try:
        with sampler(clock, engine, threads="all") as s:
            run_thread(body)
        after = threading._profile_hook
    finally:
        threading.setprofile(None)

    assert s.recording is not None
    assert (found, after) == ([own], own)
    if engine == "monitoring":
        assert thread_seconds(s.recording) == {"MainThread": 2, "worker": 2}
    else:
        assert thread_seconds(s.recording) == {"MainThread": 2}
        assert "threading.setprofile() was in use" in s.recording.facts.notes[0]


def test_clock_that_fails_on_another_thread_is_reported_by_stop(
    engine: str, clock: FakeClock
) -> None:
    def read() -> float:
        if len(clock) > 2:
            raise LookupError("no power")
        return len(clock)

    s = Sampler(0.5, clock=read, engine=engine, threads="all")
    s.start()
    run_thread(Work(clock).work)
    run_thread(Work(clock).more)
    with pytest.raises(ClockError, match="no power") as raised:
        s.stop()

    assert leaf_seconds(raised.value.recording)["worker"] == {"Work.work": 2}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
def test_fork_ends_it_in_the_child_and_goes_on_in_the_parent(engine: str) -> None:
    program = """
        import os, threading
        from pyinstrument_sampler import Sampler

        def wait():
            told.wait()

        told = threading.Event()
        s = Sampler(0.0005, engine=ENGINE, threads="all")
        s.start()
        thread = threading.Thread(target=wait, name="waiting")
        thread.start()
        child = os.fork()
        if child == 0:
            assert not s.is_running
            recording = s.stop()
            assert "abandoned" in recording.facts.notes[-1]
            with Sampler(engine=ENGINE, threads="all") as again:
                sum(range(1000))
            assert [again.recording.thread_name(0)] == ["MainThread"]
            os._exit(7)
        assert os.waitpid(child, 0)[1] >> 8 == 7
        told.set()
        thread.join()
        recording = s.stop()
        print(sorted(map(recording.thread_name, range(len(recording.threads.ident)))))
    """
    assert run_python(program, engine, "-W", "ignore") == "['MainThread', 'waiting']\n"


def test_exit_with_other_threads_running_is_quiet(engine: str) -> None:
    program = """
        import threading
        from pyinstrument_sampler import Sampler

        def spin():
            while True:
                sum(range(100))

        s = Sampler(0.0005, engine=ENGINE, threads="all")
        s.start()
        for _ in range(3):
            threading.Thread(target=spin, daemon=True).start()
        print("done")
    """
    assert run_python(program, engine) == "done\n"


def test_threads_that_come_and_go_are_each_a_row(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        for number in range(20):  # the system gives the same idents again and again
            run_thread(lambda: clock.append(0), f"thread {number}")

    assert s.recording is not None
    seconds = thread_seconds(s.recording)
    assert seconds.pop("MainThread") == 20
    assert seconds == {f"thread {number}": 1 for number in range(20)}
    assert_without_gaps(s.recording)


def test_stacks_of_other_threads_are_their_own(engine: str, clock: FakeClock) -> None:
    work = Work(clock)
    with sampler(clock, engine, threads="all", async_mode="strict") as s:
        run_thread(work.work)

    assert s.recording is not None
    (stack,) = {sample.stack for sample in s.recording.iter_samples() if sample.thread == 1}
    assert [place.frame.function for place in s.recording.stack(stack)] == [
        "_bootstrap",
        "_bootstrap_inner",
        "run",
        "work",
    ]


def test_native_call_of_another_thread_is_its_leaf(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        run_thread(lambda: clock.extend(ONE))

    assert s.recording is not None
    assert leaf_seconds(s.recording)["worker"] == {"FakeClock.extend": 1}
