"""A custom clock that fails ends the sampling; the program never notices."""

from __future__ import annotations

from typing import Callable

import pytest
from support.sampling import EVERY_EVENT_S, ONE, FakeClock, rows

from pyinstrument_sampler import ClockError, Sampler


class Unplugged(Exception):
    """What the clock raises here."""


def failing_after(clock: FakeClock, last: int) -> Callable[[], float]:
    def read() -> float:
        if len(clock) > last:
            raise Unplugged("no power")
        return len(clock)

    return read


def test_clock_that_raises_is_reported_by_stop(engine: str, clock: FakeClock) -> None:
    def work() -> str:
        nonlocal clock
        clock += ONE
        return "result"

    s = Sampler(EVERY_EVENT_S, clock=failing_after(clock, 2), engine=engine)
    s.start()
    results = [work() for _ in range(4)]
    with pytest.raises(ClockError, match="no power") as raised:
        s.stop()

    assert results == ["result"] * 4
    assert isinstance(raised.value.__cause__, Unplugged)
    assert sum(seconds for _, seconds in rows(raised.value.recording)) == 2
    assert s.recording is raised.value.recording
    assert not s.is_running


def test_clock_that_raises_at_the_start_is_reported_by_stop(engine: str, clock: FakeClock) -> None:
    s = Sampler(clock=failing_after(clock, -1), engine=engine)
    s.start()
    clock.append(0)
    with pytest.raises(ClockError, match="no power") as raised:
        s.stop()

    assert raised.value.recording.facts.duration_ns == 0


def test_clock_that_raises_at_the_stop_is_reported_by_it(engine: str, clock: FakeClock) -> None:
    readings = iter([0.0])
    s = Sampler(clock=lambda: next(readings), engine=engine)
    s.start()
    with pytest.raises(ClockError):
        s.stop()


@pytest.mark.parametrize("reading", ["soon", None, float("nan"), float("inf")])
def test_clock_that_gives_no_number_has_failed(engine: str, reading: object) -> None:
    s = Sampler(clock=lambda: reading, engine=engine)  # type: ignore[arg-type, return-value]
    s.start()
    with pytest.raises(ClockError):
        s.stop()


def test_snapshot_after_the_clock_failed_gives_what_was_seen(engine: str, clock: FakeClock) -> None:
    s = Sampler(EVERY_EVENT_S, clock=failing_after(clock, 1), engine=engine)
    s.start()
    clock.append(0)
    clock.append(0)
    assert s.snapshot().facts.duration_ns == 10**9
    with pytest.raises(ClockError):
        s.stop()


def test_failed_clock_is_raised_at_the_end_of_a_block(engine: str, clock: FakeClock) -> None:
    with pytest.raises(ClockError):
        with Sampler(EVERY_EVENT_S, clock=failing_after(clock, 0), engine=engine):
            clock.append(0)


def test_failed_clock_does_not_hide_what_the_block_raised(engine: str, clock: FakeClock) -> None:
    s = Sampler(EVERY_EVENT_S, clock=failing_after(clock, 0), engine=engine)
    with pytest.raises(LookupError, match="of the block"):
        with s:
            clock.append(0)
            raise LookupError("of the block")

    assert s.recording is not None
    assert not s.is_running


def test_failed_clock_does_not_touch_other_samplers(engine: str, clock: FakeClock) -> None:
    failing = Sampler(EVERY_EVENT_S, clock=failing_after(clock, 1), engine=engine)
    with Sampler(EVERY_EVENT_S, clock=clock.read(), engine=engine) as s:
        failing.start()
        for _ in range(3):
            clock.append(0)
        with pytest.raises(ClockError):
            failing.stop()

    assert s.recording is not None
    assert s.recording.facts.duration_ns == 3 * 10**9
