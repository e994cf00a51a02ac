"""Hypothesis, the same on every run and however slow the machine is."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def load() -> None:
    """For all tests that run after this; a conftest calls it."""
    settings.register_profile(
        "steady",
        database=None,
        deadline=None,
        derandomize=True,
        max_examples=100,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("steady")
