"""Fixtures of the integrations' tests."""

from __future__ import annotations

import sys
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


def _hooks() -> dict[str, Any]:
    found: dict[str, Any] = {"profile hook": sys.getprofile()}
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        found["monitoring tools"] = [monitoring.get_tool(tool) for tool in range(6)]
    return found
