"""What a program can see of itself is the same with a sampler running."""

from __future__ import annotations

import _thread
import sys
import threading

import pytest
from support.sampling import FakeClock, run_python, sampler

from pyinstrument_sampler import Sampler


def test_locals_are_not_refreshed(engine: str, clock: FakeClock) -> None:
    if engine == "reference" and sys.version_info < (3, 13):
        pytest.skip("the interpreter refreshes them for profile functions written in Python")

    class Program:
        def work(self) -> object:
            value = 1
            kept = locals()
            value = 2
            clock.append(value)
            return kept["value"]

    with sampler(clock, engine):
        assert Program().work() == 1


def test_threads_that_threading_does_not_know_stay_unknown(engine: str, clock: FakeClock) -> None:
    is_done = _thread.allocate_lock()
    is_done.acquire()
    known: list[list[threading.Thread]] = []

    def work() -> None:
        with sampler(clock, engine):
            clock.append(0)
        known.append(threading.enumerate())
        is_done.release()

    before = threading.enumerate()
    _thread.start_new_thread(work, ())
    assert is_done.acquire(timeout=30)

    assert known == [before]


def test_exception_of_a_signal_handler_reaches_the_program_once(engine: str) -> None:
    if not hasattr(_thread, "interrupt_main") or sys.platform == "win32":
        pytest.skip("Windows has no such signals")
    program = """
        import signal
        from pyinstrument_sampler import Sampler

        class Alarm(Exception):
            pass

        def handler(number, frame):
            raise Alarm

        def work():
            while True:
                sorted(range(20), key=lambda number: -number)

        signal.signal(signal.SIGALRM, handler)
        caught = 0
        for attempt in range(10):
            with Sampler(1e-6, engine=ENGINE) as sampler:
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.0005)
                    work()
                except Alarm:
                    caught += 1
            samples = sampler.recording.samples
            assert sum(samples.duration_ns) == sampler.recording.facts.duration_ns
        print(caught)
    """
    assert run_python(program, engine) == "10\n"


def test_generators_and_exceptions_give_the_same_results(engine: str) -> None:
    def program() -> list[object]:
        found: list[object] = []

        def generate() -> object:
            try:
                received = yield 1
                found.append(received)
                yield from (2, 3)
            finally:
                found.append("closed")

        generator = generate()
        found.append(next(generator))  # type: ignore[call-overload]
        found.append(generator.send("sent"))  # type: ignore[attr-defined]
        generator.close()  # type: ignore[attr-defined]
        try:
            int("x")
        except ValueError as error:
            found.append(error.args)
            found.append(error.__traceback__ is not None and error.__traceback__.tb_next)
        return found

    expected = program()
    with Sampler(1e-6, engine=engine):
        assert program() == expected
