"""``Sampler``: options, states, facts."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

import pytest
from support.busy import be_busy
from support.sampling import ONE, FakeClock, rows, sampler

from pyinstrument_sampler import InvalidOptionError, Sampler, SamplerError, SamplerStateError


def test_options_are_readable() -> None:
    s = Sampler(0.01, async_mode="strict")

    assert (s.interval, s.async_mode, s.engine, s.is_running, s.recording) == (
        0.01,
        "strict",
        None,
        False,
        None,
    )


@pytest.mark.parametrize("interval", [0, -1, float("nan"), float("inf"), "1", None, True])
def test_interval_that_means_nothing_is_refused(interval: Any) -> None:
    with pytest.raises(InvalidOptionError, match="interval must be a number of seconds above 0"):
        Sampler(interval)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"engine": "magic"},
            "engine must be one of auto, safepoint, monitoring, setprofile, reference, not 'magic'",
        ),
        ({"async_mode": "on"}, "async_mode must be one of enabled, disabled, strict, not 'on'"),
        ({"clock": 3}, "clock must be callable or None, not 3"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: Any, message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        Sampler(**options)


def test_errors_have_one_base() -> None:
    assert issubclass(InvalidOptionError, SamplerError)
    assert issubclass(InvalidOptionError, ValueError)
    assert issubclass(SamplerStateError, RuntimeError)


def test_states(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    with pytest.raises(SamplerStateError, match="not running"):
        s.stop()
    with pytest.raises(SamplerStateError, match="not running"):
        s.snapshot()

    s.start()
    assert s.is_running and s.engine == engine
    with pytest.raises(SamplerStateError, match="running already"):
        s.start()

    recording = s.stop()
    assert not s.is_running and s.recording is recording
    with pytest.raises(SamplerStateError, match="not running"):
        s.stop()


def test_block_may_stop_it_itself(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        recording = s.stop()

    assert s.recording is recording


def test_exception_of_a_block_goes_on(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    with pytest.raises(LookupError):
        with s:
            raise LookupError

    assert s.recording is not None


def test_caller_frame_is_the_stem(engine: str, clock: FakeClock) -> None:
    def begin(s: Sampler) -> None:
        s.start(sys._getframe(1))

    def end(s: Sampler) -> None:
        nonlocal clock
        clock += ONE
        s.stop(sys._getframe(1))

    s = Sampler(100, clock=clock.read(), engine=engine)  # no sample before the stop
    begin(s)
    end(s)

    assert s.recording is not None
    (*_, stem) = s.recording.stack(s.recording.facts.stem)
    assert stem.frame.function == "test_caller_frame_is_the_stem"
    assert rows(s.recording) == [("", 1)]


def test_facts_tell_how_the_recording_was_made(engine: str, clock: FakeClock) -> None:
    before = time.time_ns()
    s = Sampler(0.25, clock=clock.read(), engine=engine, async_mode="strict")
    with s:
        clock.append(0)

    assert s.recording is not None
    facts = s.recording.facts
    assert facts._replace(
        start_time_ns=0,
        process_cpu_ns=0,
        own_cpu_ns=0,
        stem=0,
        sampler_version="",
        platform="",
        sample_count=0,
    ) == facts._replace(
        engine=engine,
        engine_reason=f"{engine} was asked for",
        async_mode="strict",
        interval_ns=250_000_000,
        start_time_ns=0,
        duration_ns=10**9,
        process_cpu_ns=0,
        sample_count=0,
        ticks_asked=0,
        ticks_late=0,
        own_cpu_ns=0,
        clock="custom",
        cpu_clock="thread",
        stem=0,
        argv=tuple(sys.argv),
        python="CPython {}.{}.{}".format(*sys.version_info[:3]),
        platform="",
        sampler_version="",
        pid=os.getpid(),
        notes=(),
    )
    assert before <= facts.start_time_ns <= time.time_ns()
    assert facts.platform.startswith(sys.platform)
    assert facts.process_cpu_ns >= 0 and facts.own_cpu_ns >= 0
    assert facts.sample_count >= 1


def test_argv_is_that_of_the_start(
    engine: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["before", "x"])
    with sampler(clock, engine) as s:
        monkeypatch.setattr(sys, "argv", ["after"])

    assert s.recording is not None
    assert s.recording.facts.argv == ("before", "x")


def test_thread_is_named(engine: str, clock: FakeClock) -> None:
    found = []

    def work() -> None:
        with sampler(clock, engine) as s:
            clock.append(0)
        assert s.recording is not None
        found.append((s.recording.thread_name(0), s.recording.threads.ident[0]))

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    ident = thread.ident
    thread.join()

    assert found == [("worker", ident)]


def test_cpu_time_is_recorded(engine: str) -> None:
    with Sampler(0.001, engine=engine) as s:
        be_busy(0.02)

    assert s.recording is not None
    cpu_ns = sum(s.recording.samples.cpu_ns)
    assert 0 < cpu_ns <= s.recording.facts.duration_ns * 1.01
    assert s.recording.facts.cpu_clock == "thread"
