"""Somebody else's profile function is neither lost nor replaced."""

from __future__ import annotations

import sys

import pytest
from support.sampling import ONE, THREE, FakeClock, rows, sampler

from pyinstrument_sampler import EngineUnavailableError

USES_THE_HOOK = ("reference", "setprofile")


def foreign(frame: object, event: str, argument: object) -> None:
    """A profile function of somebody else's."""


def test_hook_that_is_taken_is_left_alone(engine: str, clock: FakeClock) -> None:
    sys.setprofile(foreign)
    try:
        if engine in USES_THE_HOOK:
            with pytest.raises(EngineUnavailableError, match="profile function, which is taken"):
                sampler(clock, engine).start()
        else:
            with sampler(clock, engine) as s:
                clock.append(0)
            assert s.recording is not None
            assert rows(s.recording) == [("FakeClock.append", 1)]
        assert sys.getprofile() is foreign
    finally:
        sys.setprofile(None)


def test_hook_that_replaces_ours_stays(engine: str, clock: FakeClock) -> None:
    if engine not in USES_THE_HOOK:
        pytest.skip("this engine does not use the profile hook")

    def work() -> None:
        nonlocal clock
        clock += ONE

    try:
        with sampler(clock, engine) as s:
            work()
            sys.setprofile(foreign)
            clock += THREE
            work()
        assert sys.getprofile() is foreign
    finally:
        sys.setprofile(None)

    assert s.recording is not None
    assert rows(s.recording) == [("work", 1), ("[unobserved]", 4)]
    assert len(s.recording.facts.notes) == 1


def test_trace_functions_are_not_touched(engine: str, clock: FakeClock) -> None:
    traced = []

    def trace(frame: object, event: str, argument: object) -> None:
        traced.append(event)

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with sampler(clock, engine) as s:
            clock.append(0)
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)

    assert s.recording is not None
    assert "call" in traced
    assert s.recording.facts.duration_ns == 10**9
