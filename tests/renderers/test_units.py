"""Times and shares as text."""

from __future__ import annotations

import pytest

from pyinstrument_renderers.units import (
    decimals_for_interval,
    percent_format,
    seconds_format,
    short_duration,
)


@pytest.mark.parametrize(
    ("interval_ns", "decimals"),
    [
        (10_000_000_000, 0),
        (1_000_000_000, 0),
        (10_000_000, 2),
        (2_000_000, 3),
        (1_000_000, 3),
        (500_000, 4),
        (100_000, 4),
        (1, 9),
        (0, 3),
    ],
)
def test_decimals_are_those_that_the_interval_backs(interval_ns: int, decimals: int) -> None:
    assert decimals_for_interval(interval_ns) == decimals


def test_seconds() -> None:
    assert seconds_format(10_000_000)(1_234_567_890) == "1.23"


def test_shares_have_one_decimal() -> None:
    assert [percent_format(3000)(spent) for spent in (3000, 1000, 0)] == ["100.0%", "33.3%", "0.0%"]


def test_shares_of_nothing_are_nothing() -> None:
    assert percent_format(0)(0) == "0.0%"


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [(2e9, "2 s"), (1_020_000, "1.02 ms"), (250_000, "250 us"), (40, "40 ns"), (0, "0 ns")],
)
def test_durations_in_sentences(time_ns: float, text: str) -> None:
    assert short_duration(time_ns) == text
