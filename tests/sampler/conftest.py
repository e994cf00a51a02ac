"""The engines, one after the other, and proof that a test leaves nothing of them behind."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Iterator

import pytest
from support.engines import EVENT_ENGINES, POSSIBLE_ENGINES, runnable
from support.sampling import FakeClock

from pyinstrument_sampler.async_context import ACTIVE


@pytest.fixture(params=EVENT_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of an engine that can run here, of those that can follow a clock and record any thread.

    The one that cannot has test_safepoint.py, and the folder hostile/ has all.
    """
    return runnable(request.param)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still unless the test moves it."""
    return FakeClock()


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No hook, monitoring tool, thread or mark of a sampler outlives a test."""
    before, native_threads_before = _traces(), _native_thread_count()
    yield
    after = _traces()
    sys.setprofile(None)  # one failure is enough
    assert after == before
    # The system takes a moment to let go of a thread that was joined.
    deadline = time.monotonic() + 10
    while _native_thread_count() > native_threads_before:
        assert time.monotonic() < deadline, "a native thread is left"
        time.sleep(0.001)


def _traces() -> dict[str, object]:
    monitoring = getattr(sys, "monitoring", None)
    return {
        "profile function": sys.getprofile(),
        "tools": monitoring and [monitoring.get_tool(tool) for tool in range(6)],
        "threads": threading.enumerate(),
        "marks": [mark for mark in ACTIVE.get() if not mark.has_ended],
    }


def _native_thread_count() -> int:
    tasks = "/proc/self/task"
    return len(os.listdir(tasks)) if os.path.isdir(tasks) else 0


@pytest.fixture
def needs_safepoint() -> None:
    """Skips where that engine cannot be."""
    if "safepoint" not in POSSIBLE_ENGINES:
        pytest.skip("the safepoint engine begins with Python 3.11")
    runnable("safepoint")
