"""How far apart two observations are: total-variation distances between distributions.

0 is equal; 1 is nothing in common; 0.03 means that three per cent of the time stand elsewhere.
"""

from __future__ import annotations

from typing import Hashable, Mapping, NamedTuple, TypeVar

from truth.observation import Function, Observation

Key = TypeVar("Key", bound=Hashable)


class Distances(NamedTuple):
    """Between two observations, or how far one is above a floor."""

    self_time: float
    total_time: float

    def above(self, floor: Distances) -> Distances:
        """What remains of these when *floor* is noise; never below 0."""
        return Distances(*(max(0.0, own - noise) for own, noise in zip(self, floor)))


def scaled(weights: Mapping[Key, float]) -> dict[Key, float]:
    """The same, adding up to 1; empty where there is no weight at all."""
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()} if total else {}


def total_variation(one: Mapping[Key, float], other: Mapping[Key, float]) -> float:
    """Half the sum of the differences between the two, scaled; 1 where one of them is empty."""
    one, other = scaled(one), scaled(other)
    if not one or not other:
        return 1.0
    keys = {*one, *other}
    return sum(abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in keys) / 2


def self_times(observation: Observation) -> dict[Function, float]:
    """Weight by function that ran. What a C function took is its caller's, since not every
    profiler sees C functions."""
    found: dict[Function, float] = {}
    for stack, weight in observation.stacks.items():
        python = [place for place in stack if not place.is_native]
        key = python[-1].key if python else ("", "")
        found[key] = found.get(key, 0.0) + weight
    return found


def total_times(observation: Observation) -> dict[Function, float]:
    """Weight by function that ran or waited for what it called; recursion counts once."""
    found: dict[Function, float] = {}
    for stack, weight in observation.stacks.items():
        for key in {place.key for place in stack if not place.is_native}:
            found[key] = found.get(key, 0.0) + weight
    return found


def distances(one: Observation, other: Observation) -> Distances:
    """Self times, and total times scaled so that they are a distribution too."""
    return Distances(
        total_variation(self_times(one), self_times(other)),
        total_variation(total_times(one), total_times(other)),
    )


def distance_to_shares(times: Mapping[Function, float], shares: Mapping[str, float]) -> float:
    """From the known shares of some functions, whatever else ran beside them."""
    found = dict.fromkeys(shares, 0.0)
    for (function, _), weight in times.items():
        if function in found:
            found[function] += weight
    return total_variation(found, shares)


def distance_to_lines(
    lines: Mapping[tuple[str, str, int], float],
    function: Function,
    weights: Mapping[int, float],
) -> float:
    """From the known weights of some lines of *function*, callees included."""
    found = {line: lines.get((*function, line), 0.0) for line in weights}
    return total_variation(found, weights)
