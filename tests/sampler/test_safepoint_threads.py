"""The ``safepoint`` engine on several threads: the one that ran is peeked at, the others stand."""

from __future__ import annotations

import sys
import threading
import time

import pytest
from support.sampling import run_python
from support.threads import Worker, assert_without_gaps, run_thread
from support.ticking import Ticking, pass_a_safepoint

from pyinstrument_sampler import Recording, Sampler

pytestmark = [
    pytest.mark.usefixtures("needs_safepoint"),
    pytest.mark.skipif(
        sys.version_info < (3, 12), reason="pending calls are the main thread's before Python 3.12"
    ),
]


def ticks_unseen(t: Ticking) -> None:
    """Has no safepoint of its own after the tick."""
    t.unseen[1]


def leaves(recording: Recording) -> dict[str, list[str]]:
    """Innermost functions by thread, in order."""
    found: dict[str, list[str]] = {}
    for sample in recording.iter_samples():
        place = recording.stack(sample.stack)[-1]
        thread = recording.thread_name(sample.thread) or ""
        found.setdefault(thread, []).append(place.frame.function)
    return found


def test_tick_in_a_function_of_another_thread_that_returns_before_the_safepoint() -> None:
    with Ticking(threads="all") as t:

        def work() -> None:
            t.tick()  # the thread is known from here on
            pass_a_safepoint()
            ticks_unseen(t)
            pass_a_safepoint()

        run_thread(work)

    assert leaves(t.recording)["worker"][0] == "ticks_unseen"


def test_thread_that_waits_is_where_it_waits() -> None:
    lock = threading.Lock()

    def wait_here() -> None:
        lock.acquire()

    with lock, Worker("waiting") as worker:
        worker.start(wait_here)
        while not _is_in(worker.thread, "wait_here"):
            pass
        with Ticking(threads="all") as t:
            for _ in range(2):
                t.tick()
                pass_a_safepoint()
        lock.release()
        worker.wait()

    for functions in _functions(t.recording, "waiting"):
        assert "wait_here" in functions[-2:]


def test_sampler_of_another_thread_says_nothing_of_the_own_context() -> None:
    with Ticking(threads="all", async_mode="strict") as t:

        def work() -> None:
            with Ticking(async_mode="strict"):
                pass
            t.tick()
            pass_a_safepoint()

        run_thread(work)

    assert "[out-of-context]" not in leaves(t.recording)["MainThread"]


def test_every_thread_has_all_of_its_time() -> None:
    with Sampler(0.0005, engine="safepoint", threads="all") as s:
        with Worker("one") as one, Worker("two") as two:
            for _ in range(20):
                one.do(lambda: sum(range(20_000)))
                two.do(lambda: sorted(range(20_000), key=lambda number: -number))

    assert s.recording is not None
    assert set(leaves(s.recording)) == {"MainThread", "one", "two"}
    assert_without_gaps(s.recording)


def test_run_that_another_thread_than_the_main_one_starts() -> None:
    found: list[Ticking] = []

    def work() -> None:
        with Ticking() as t:
            found.append(t)
            ticks = t.unseen

            def leaf() -> None:
                ticks[1]

            leaf()
            pass_a_safepoint()

    run_thread(work)

    (ticking,) = found
    assert ticking.paths() == ["leaf"]
    assert set(leaves(ticking.recording)) == {"worker"}


def test_only_the_threads_that_were_asked_for() -> None:
    with Worker("wanted") as wanted, Worker("other") as other:
        assert wanted.thread.ident is not None
        with Ticking(threads=[wanted.thread.ident]) as t:
            for worker in (wanted, other):
                worker.do(t.tick)
                worker.do(pass_a_safepoint)

    assert set(leaves(t.recording)) == {"wanted"}


def test_own_ident_is_the_current_thread() -> None:
    with Ticking(threads=[threading.get_ident()]) as t:
        t.unseen[1]
        pass_a_safepoint()

    assert len(t.paths()) == 1
    assert set(leaves(t.recording)) == {"MainThread"}


def test_thread_that_ends_keeps_what_it_had() -> None:
    with Ticking(threads="all") as t:

        def work() -> None:
            for _ in range(2):
                t.tick()
                pass_a_safepoint()

        run_thread(work, "short")
        t.tick()
        pass_a_safepoint()

    assert leaves(t.recording)["short"]
    assert_without_gaps(t.recording)


def test_thread_that_has_the_gil_at_a_tick_and_lets_it_go_is_still_told() -> None:
    with Ticking(threads="all") as t:

        def work() -> None:
            t.tick()
            pass_a_safepoint()
            ticks_unseen(t)
            time.sleep(0.01)  # somebody else settles

        thread = threading.Thread(target=work, name="worker")
        thread.start()
        while thread.is_alive():
            pass_a_safepoint()

    assert "ticks_unseen" in leaves(t.recording)["worker"]


def test_daemon_threads_that_are_sampled_at_exit() -> None:
    program = """
        import threading, time
        from pyinstrument_sampler import Sampler

        def work():
            while True:
                sum(range(100))

        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        Sampler(1e-4, engine=ENGINE, threads="all").start()
        sorted(range(100_000), key=lambda number: -number)
        print("done")
        """
    assert run_python(program, "safepoint") == "done\n"


def test_sampler_that_is_started_while_the_interpreter_ends_is_refused() -> None:
    program = """
        import atexit

        def start_late():
            try:
                Sampler(engine=ENGINE).start()
            except EngineUnavailableError as error:
                print(str(error).partition(";")[0])

        atexit.register(start_late)  # before that of the engine: called after it
        from pyinstrument_sampler import EngineUnavailableError, Sampler

        with Sampler(engine=ENGINE):
            pass
        """
    assert run_python(program, "safepoint") == (
        "engine 'safepoint' is not available: safepoint cannot start while the interpreter ends\n"
    )


def test_two_threads_that_start_one_sampler_leave_no_run_behind() -> None:
    program = """
        import os, sys, threading, time
        from pyinstrument_sampler import Sampler, SamplerStateError

        sys.setswitchinterval(1e-6)
        sampler = Sampler(1e-4, engine=ENGINE)

        def play():
            for _ in range(50):
                for act in (sampler.start, sampler.stop):
                    try:
                        act()
                    except SamplerStateError:
                        pass

        threads = [threading.Thread(target=play) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if sampler.is_running:
            sampler.stop()

        # The system takes a moment to let go of a thread that was joined.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            count = len(os.listdir("/proc/self/task"))
            if count == 1:
                break
        print(count)
        """
    assert run_python(program, "safepoint") == "1\n"


def _is_in(thread: threading.Thread, function: str) -> bool:
    assert thread.ident is not None
    return sys._current_frames()[thread.ident].f_code.co_name == function


def _functions(recording: Recording, thread: str) -> list[list[str]]:
    return [
        [place.frame.function for place in recording.stack(sample.stack)]
        for sample in recording.iter_samples()
        if recording.thread_name(sample.thread) == thread
    ]
