"""Fixtures of the integrations' tests."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, Iterator

import pytest

from pyinstrument_integrations.failures import forget_told


@pytest.fixture(autouse=True)
def nothing_is_told_yet() -> Iterator[None]:
    """Messages that are logged once are logged once a test."""
    forget_told()
    yield
    forget_told()


@pytest.fixture(autouse=True)
def no_profile_is_left_running() -> Iterator[None]:
    """Each profile that a test starts is stopped by what it tests."""
    before = _hooks()
    yield
    assert _hooks() == before


@pytest.fixture(autouse=True)
def no_thread_is_left_running() -> Iterator[None]:
    """A thread that waits for ever holds up whatever waits for all threads, and ends no process."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 10
    started = [thread for thread in threading.enumerate() if thread not in before]
    for thread in started:
        if not thread.name.startswith("ThreadPoolExecutor-"):  # of frameworks; idle, ends at exit
            thread.join(max(deadline - time.monotonic(), 0))
            assert not thread.is_alive(), f"{thread.name} is still running"


def _hooks() -> dict[str, Any]:
    found: dict[str, Any] = {"profile hook": sys.getprofile()}
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        found["monitoring tools"] = [monitoring.get_tool(tool) for tool in range(6)]
    return found
