"""Any number of samplers at once: none disturbs another."""

from __future__ import annotations

import threading

import pytest
from support.engines import EVENT_ENGINES
from support.sampling import ONE, THREE, TWO, FakeClock, rows, sampler, totals

from pyinstrument_sampler import Sampler


def test_nested_samplers_see_their_own_time(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += ONE

    with sampler(clock, engine) as outer:
        work()
        with sampler(clock, engine) as inner:
            work()
        work()

    assert outer.recording is not None and inner.recording is not None
    assert rows(outer.recording) == [("work", 3)]
    assert rows(inner.recording) == [("work", 1)]


def test_overlapping_samplers_see_their_own_time(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += ONE

    first, second = sampler(clock, engine), sampler(clock, engine)
    first.start()
    work()
    second.start()
    work()
    first.stop()
    work()
    second.stop()

    assert first.recording is not None and second.recording is not None
    assert rows(first.recording) == [("work", 2)]
    assert rows(second.recording) == [("work", 2)]


def test_each_sampler_keeps_its_own_interval(engine: str, clock: FakeClock) -> None:
    fine = Sampler(1, clock=clock.read(), engine=engine)
    coarse = Sampler(10, clock=clock.read(), engine=engine)
    fine.start()
    coarse.start()
    for _ in range(30):
        clock.append(0)
    coarse.stop()
    fine.stop()

    assert fine.recording is not None and coarse.recording is not None
    assert fine.recording.facts.sample_count == 30
    assert coarse.recording.facts.sample_count == 3


def test_each_sampler_keeps_its_own_clock(engine: str) -> None:
    slow, fast = FakeClock(), FakeClock()

    def work() -> None:
        nonlocal slow, fast
        slow += ONE
        fast += THREE

    with sampler(slow, engine) as s, sampler(fast, engine) as f:
        work()

    assert s.recording is not None and f.recording is not None
    assert rows(s.recording) == [("work", 1)]
    assert rows(f.recording) == [("work", 3)]


def test_custom_and_real_clock_run_side_by_side(engine: str, clock: FakeClock) -> None:
    with Sampler(1e-6, engine=engine) as real, sampler(clock, engine) as fake:
        clock.append(0)

    assert real.recording is not None and fake.recording is not None
    assert rows(fake.recording) == [("FakeClock.append", 1)]
    assert 0 < sum(real.recording.samples.duration_ns) == real.recording.facts.duration_ns


def test_samplers_of_two_threads_do_not_see_each_other(engine: str) -> None:
    found = {}
    barrier = threading.Barrier(2, timeout=30)

    def work_of(name: str, clock: FakeClock) -> None:
        def work() -> None:
            nonlocal clock
            clock += TWO

        work.__code__ = work.__code__.replace(co_name=f"work_{name}")
        with sampler(clock, engine) as s:
            barrier.wait()
            work()
            barrier.wait()
        assert s.recording is not None
        found[name] = {path for path in totals(s.recording) if path.startswith("work")}

    threads = [
        threading.Thread(target=work_of, args=(name, FakeClock())) for name in ("one", "two")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {"one": {"work_one"}, "two": {"work_two"}}


@pytest.mark.parametrize("other", EVENT_ENGINES)
def test_another_engine_in_the_same_thread_runs_or_refuses(
    engine: str, other: str, clock: FakeClock
) -> None:
    from pyinstrument_sampler import EngineUnavailableError

    with sampler(clock, engine) as s:
        try:
            with sampler(clock, other) as second:
                clock.append(0)
        except EngineUnavailableError:
            clock.append(0)
        else:
            assert second.recording is not None
            assert rows(second.recording) == [("FakeClock.append", 1)]

    assert s.recording is not None
    assert s.recording.facts.notes == ()
    assert rows(s.recording) == [("FakeClock.append", 1)]


def test_sampler_starts_again_after_it_stopped(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    for _ in range(3):
        with s:
            clock.append(0)
        assert s.recording is not None
        assert rows(s.recording) == [("FakeClock.append", 1)]
