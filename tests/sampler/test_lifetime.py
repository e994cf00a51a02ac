"""How a sampling ends: by any thread, with its thread, by fork, at exit; and that nothing leaks."""

from __future__ import annotations

import gc
import os
import sys
import threading
import weakref

import pytest
from support.sampling import ONE, THREE, FakeClock, rows, run_python, sampler

from pyinstrument_sampler import Sampler

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")


def in_thread(target: object) -> None:
    thread = threading.Thread(target=target)  # type: ignore[arg-type]
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_another_thread_stops_it(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    s.start()
    clock += THREE
    in_thread(s.stop)
    clock += ONE
    clock.append(0)

    assert s.recording is not None
    assert s.recording.facts.duration_ns == 3 * 10**9
    # Where exactly the thread stood is its own affair; it was below this function.
    assert {path.split(" > ")[0] for path, _ in rows(s.recording)} <= {"", "in_thread"}
    assert sys.getprofile() is None


def test_another_thread_takes_a_snapshot(engine: str, clock: FakeClock) -> None:
    found = []
    s = sampler(clock, engine)
    with s:
        clock += THREE
        in_thread(lambda: found.append(s.snapshot()))
        clock += ONE

    assert s.recording is not None
    assert [recording.facts.duration_ns for recording in found] == [3 * 10**9]
    assert s.recording.facts.duration_ns == 4 * 10**9


def test_stopped_by_another_thread_while_busy(engine: str) -> None:
    s = Sampler(1e-6, engine=engine)
    is_started, is_stopped = threading.Event(), threading.Event()
    ends = []

    def work() -> None:
        s.start()
        is_started.set()
        while not is_stopped.is_set():
            sorted(range(10), key=lambda number: -number)
        ends.append(sys.getprofile())

    thread = threading.Thread(target=work)
    thread.start()
    assert is_started.wait(30)
    for _ in range(20):
        s.snapshot()
    recording = s.stop()
    is_stopped.set()
    thread.join(30)

    assert ends == [None]
    assert sum(recording.samples.duration_ns) == recording.facts.duration_ns
    assert min(recording.samples.duration_ns) >= 0
    assert recording.facts.duration_ns > 0


def test_thread_that_ended_leaves_a_recording(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)

    def work() -> None:
        s.start()
        clock.append(0)

    in_thread(work)
    clock.append(0)
    recording = s.stop()

    assert rows(recording)[0] == ("FakeClock.append", 1)
    assert sum(recording.samples.duration_ns) == recording.facts.duration_ns
    assert recording.thread_name(0) is not None
    assert len(recording.facts.notes) == 1 and "ended" in recording.facts.notes[0]


def test_sampler_that_nobody_holds_ends(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    s.start()
    del s
    gc.collect()
    clock.append(0)

    assert sys.getprofile() is None


@needs_fork
def test_child_of_a_fork_does_not_sample_unless_asked(engine: str) -> None:
    program = """
        import os, sys
        from pyinstrument_sampler import Sampler

        clock = []
        sampler = Sampler(0.5, engine=ENGINE, clock=clock.__len__)
        sampler.start()
        clock.append(0)
        child = os.fork()
        if not child:
            clock.append(0)
            print(sampler.is_running, sys.getprofile())
            print(sum(sampler.stop().samples.duration_ns) // 10**9)
            with sampler:
                clock.append(0)
            print(sum(sampler.recording.samples.duration_ns) // 10**9)
            sys.stdout.flush()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        clock.append(0)
        print(sum(sampler.stop().samples.duration_ns) // 10**9)
    """
    assert run_python(program, engine, "-W", "error") == "False None\n1\n1\n2\n"


@needs_fork
def test_fork_with_real_clock_neither_hangs_nor_warns(engine: str) -> None:
    program = """
        import os, sys
        from pyinstrument_sampler import Sampler

        # Events between the fork and the interpreter's count of the threads.
        os.register_at_fork(after_in_parent=lambda: sorted(range(100), key=lambda number: number))
        with Sampler(0.0001, engine=ENGINE) as sampler:
            for _ in range(5):
                child = os.fork()
                if not child:
                    sorted(range(1000), key=lambda number: -number)
                    sampler.stop()
                    with Sampler(0.0001, engine=ENGINE) as again:
                        sorted(range(1000), key=lambda number: -number)
                    os._exit(0 if again.recording.facts.duration_ns else 1)
                assert os.waitpid(child, 0)[1] == 0
            before = sampler.snapshot().facts.sample_count
            while sampler.snapshot().facts.ticks_asked == 0 and ENGINE != "reference":
                sorted(range(1000), key=lambda number: -number)
        assert sampler.recording.facts.duration_ns > 0
        print("done")
    """
    # Not "error": 3.13 loses the exception of this warning.
    assert run_python(program, engine, "-W", "always") == "done\n"


@needs_fork
def test_fork_in_another_thread_than_the_sampled_one(engine: str) -> None:
    program = """
        import os, sys, threading
        from pyinstrument_sampler import Sampler

        def forks():
            child = os.fork()
            if not child:
                os._exit(0 if sampler.stop().facts.duration_ns == 10**9 else 1)
            statuses.append(os.waitpid(child, 0)[1])

        clock, statuses = [], []
        sampler = Sampler(0.5, engine=ENGINE, clock=clock.__len__)
        sampler.start()
        clock.append(0)
        thread = threading.Thread(target=forks)
        thread.start()
        thread.join()
        clock.append(0)
        print(statuses, sampler.stop().facts.duration_ns // 10**9)
    """
    # From 3.12 on a fork beside threads of the program's own is warned of.
    options = ("-W", "ignore::DeprecationWarning")
    assert run_python(program, engine, *options) == "[0] 2\n"


@pytest.mark.parametrize("options", ["0.5, clock=[].__len__", "0.0001"])
def test_exit_with_a_running_sampler_is_silent(engine: str, options: str) -> None:
    program = f"""
        import atexit
        from pyinstrument_sampler import Sampler

        class Late:
            def __del__(self):
                sorted([2, 1], key=lambda number: number)

        late = Late()
        atexit.register(lambda: sorted([2, 1], key=lambda number: number))
        sampler = Sampler({options}, engine=ENGINE)
        sampler.start()
        atexit.register(print, "exits")
    """
    assert run_python(program, engine, "-W", "error") == "exits\n"


def test_exit_with_a_sampled_daemon_thread_is_silent(engine: str) -> None:
    program = """
        import threading
        from pyinstrument_sampler import Sampler

        started = threading.Event()

        def work():
            sampler = Sampler(0.0001, engine=ENGINE)
            sampler.start()
            started.set()
            while True:
                sorted(range(100), key=lambda number: -number)

        threading.Thread(target=work, daemon=True).start()
        started.wait()
        print("exits")
    """
    assert run_python(program, engine, "-W", "error") == "exits\n"


def test_sampler_stopped_by_a_signal_handler(engine: str) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("Windows has no such signals")
    program = """
        import os, signal
        from pyinstrument_sampler import Sampler

        def handler(number, frame):
            recordings.append(sampler.stop(frame))

        signal.signal(signal.SIGALRM, handler)
        for attempt in range(20):
            recordings = []
            sampler = Sampler(1e-6, engine=ENGINE)
            sampler.start()
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            while not recordings:
                sorted(range(100), key=lambda number: -number)
            samples = recordings[0].samples
            assert len(set(map(len, samples))) == 1
            assert sum(samples.duration_ns) == recordings[0].facts.duration_ns
        print("done")
    """
    assert run_python(program, engine) == "done\n"


class Payload:
    """Something whose end can be seen."""


def test_start_and_stop_leave_no_objects(engine: str, clock: FakeClock) -> None:
    def cycle() -> None:
        with sampler(clock, engine):
            clock.append(0)

    for _ in range(20):
        cycle()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(1000):
        cycle()
    gc.collect()
    # One object leaked a cycle would be a thousand.
    assert len(gc.get_objects()) - before < 100


def test_locals_of_the_program_are_not_kept(engine: str, clock: FakeClock) -> None:
    def work() -> weakref.ref[Payload]:
        payload = Payload()
        clock.append(0)
        return weakref.ref(payload)

    with sampler(clock, engine) as s:
        payload = work()
        gc.collect()
        assert payload() is None
    assert s.recording is not None


def test_frame_that_started_it_is_not_kept_by_the_recording(engine: str, clock: FakeClock) -> None:
    def work() -> tuple[weakref.ref[Payload], Sampler]:
        payload = Payload()
        with sampler(clock, engine) as s:
            clock.append(0)
        return weakref.ref(payload), s

    payload, s = work()
    gc.collect()
    assert payload() is None
    assert s.recording is not None
