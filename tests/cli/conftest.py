"""Fixtures of the command's tests."""

from __future__ import annotations

import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, Iterator

import pytest
from support.command import Command


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command, in an empty folder."""
    return Command(tmp_path)


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """No hook, thread, signal handler, stream or warning filter outlives a test."""
    before = _surroundings()
    yield
    assert _surroundings() == before


def _surroundings() -> dict[str, Any]:
    found: dict[str, Any] = {
        "profile hook": sys.getprofile(),
        "trace hook": sys.gettrace(),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "handlers": {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)},
        "streams": (sys.stdout, sys.stderr, sys.excepthook),
        "main": sys.modules["__main__"],
        "arguments": (list(sys.argv), list(sys.path)),
        "filters": list(warnings.filters),
    }
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        found["monitoring tools"] = [monitoring.get_tool(tool) for tool in range(6)]
    return found
