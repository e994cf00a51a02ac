"""The engines, one after the other, and proof that a test leaves nothing of them behind."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Iterator

import pytest
from support.sampling import COMPILED_ENGINES, POSSIBLE_ENGINES, FakeClock

from pyinstrument_sampler.async_context import ACTIVE
from pyinstrument_sampler.engines.selection import choose_engine
from pyinstrument_sampler.errors import EngineUnavailableError

MUST_BE_COMPILED = os.environ.get("PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED") == "1"


@pytest.fixture(params=POSSIBLE_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of an engine that can run here."""
    name: str = request.param
    try:
        choose_engine(name)
    except EngineUnavailableError as error:
        if name in COMPILED_ENGINES and MUST_BE_COMPILED:
            pytest.fail(str(error))
        pytest.skip(str(error))
    return name


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
