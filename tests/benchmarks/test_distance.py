"""The truth harness's arithmetic: distances between distributions of time."""

from __future__ import annotations

import pytest
from truth.distance import (
    Distances,
    distance_to_lines,
    distance_to_shares,
    distances,
    self_times,
    total_times,
    total_variation,
)
from truth.observation import NATIVE_FILE, Observation, Place

WORK = Place("work", "p.py", 1)
LEAF = Place("leaf", "p.py", 5)
OTHER = Place("other", "p.py", 9)
SUM = Place("sum", NATIVE_FILE, 0)


def observed(stacks: dict[tuple[Place, ...], float]) -> Observation:
    return Observation(stacks=stacks, others={}, lines={}, samples=0)


def test_distance_is_the_share_that_stands_elsewhere() -> None:
    assert total_variation({"a": 3, "b": 1}, {"a": 1, "b": 1}) == pytest.approx(0.25)


def test_distance_is_none_where_only_the_scale_differs() -> None:
    assert total_variation({"a": 3, "b": 1}, {"a": 300, "b": 100}) == 0


def test_distance_is_one_where_nothing_is_shared_or_nothing_was_seen() -> None:
    assert total_variation({"a": 1}, {"b": 1}) == 1
    assert total_variation({"a": 1}, {}) == 1
    assert total_variation({"a": 1}, {"a": 0}) == 1


def test_time_in_c_is_the_self_time_of_its_python_caller() -> None:
    times = self_times(observed({(WORK, SUM): 2, (WORK,): 1, (WORK, LEAF): 4}))

    assert times == {("work", "p.py"): 3, ("leaf", "p.py"): 4}


def test_total_time_counts_recursion_once() -> None:
    times = total_times(observed({(WORK, LEAF, LEAF, SUM): 2, (WORK,): 1}))

    assert times == {("work", "p.py"): 3, ("leaf", "p.py"): 2}


def test_functions_are_the_same_with_and_without_a_first_line() -> None:
    named_only = observed({(WORK._replace(first_line=0), LEAF._replace(first_line=0)): 1})

    assert distances(observed({(WORK, LEAF): 5}), named_only) == (0, 0)


def test_a_caller_that_was_mistaken_shows_in_total_times_only() -> None:
    true = observed({(WORK, OTHER, LEAF): 1, (WORK, LEAF): 1})
    false = observed({(WORK, LEAF): 2})

    assert distances(true, false) == pytest.approx((0, 0.2))


def test_noise_is_taken_off_but_never_below_nothing() -> None:
    assert Distances(0.05, 0.01).above(Distances(0.02, 0.03)) == pytest.approx((0.03, 0))


def test_shares_are_compared_among_the_functions_that_have_them() -> None:
    times = {("leaf", "p.py"): 30.0, ("other", "p.py"): 30.0, ("work", "p.py"): 40.0}

    assert distance_to_shares(times, {"leaf": 3, "other": 1}) == pytest.approx(0.25)


def test_lines_are_compared_within_their_function() -> None:
    lines = {("leaf", "p.py", 6): 1.0, ("leaf", "p.py", 7): 1.0, ("other", "p.py", 6): 9.0}

    assert distance_to_lines(lines, ("leaf", "p.py"), {6: 3, 7: 1}) == pytest.approx(0.25)
