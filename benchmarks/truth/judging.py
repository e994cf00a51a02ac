"""Everything that one program's runs on one interpreter tell about each watcher."""

from __future__ import annotations

from typing import NamedTuple

from truth.about import About
from truth.distance import (
    Distances,
    distance_to_lines,
    distance_to_shares,
    distances,
    self_times,
    total_times,
)
from truth.observation import Observation
from truth.possible import Impossible, impossible_stacks

BOUND = 0.03
BOUND_BELOW_100_NS = 0.10
"""A core cannot be watched more finely from another."""


class Judgement(NamedTuple):
    """What came out for one watcher of one program."""

    samples: int
    impossible: list[Impossible]
    excess: Distances | None
    """Distances to the reference above the noise floor; None without one, and for itself."""
    known: dict[str, float]
    """Distances to what is known by construction, by what that is."""
    notes: tuple[str, ...] = ()
    """What the watcher itself said against its numbers."""

    def figures(self) -> list[float]:
        """Everything that has a bound."""
        return [*(self.excess or ()), *self.known.values()]


class ProgramResult(NamedTuple):
    """All that was measured of one program with one interpreter."""

    about: About
    floor: Distances | None
    """The reference against itself."""
    judgements: dict[str, Judgement]

    @property
    def bound(self) -> float:
        """For the excess, and for the distance to known ratios."""
        return BOUND_BELOW_100_NS if self.about.is_below_100_ns else BOUND


def judge(
    about: About,
    trace: Observation,
    references: list[Observation],
    observations: dict[str, Observation],
) -> ProgramResult:
    """Compares *observations* by watcher with the *trace* and with two runs of the reference."""
    floor = distances(*references) if len(references) == 2 else None
    judgements = {}
    for watcher, observation in observations.items():
        excess = None
        is_reference = any(observation is reference for reference in references)
        if floor is not None and not is_reference:
            to_each = [distances(observation, reference) for reference in references]
            mean = Distances(*(sum(column) / len(column) for column in zip(*to_each)))
            excess = mean.above(floor)
        judgements[watcher] = Judgement(
            samples=observation.samples,
            impossible=impossible_stacks(observation, trace, str(about.path)),
            excess=excess,
            known=known_distances(about, observation),
            notes=observation.notes,
        )
    return ProgramResult(about, floor, judgements)


def known_distances(about: About, observation: Observation) -> dict[str, float]:
    """How far *observation* is from the ratios that the program was written to have."""
    found = {}
    if about.shares:
        found["self times"] = distance_to_shares(self_times(observation), about.shares)
    if about.total_shares:
        found["total times"] = distance_to_shares(total_times(observation), about.total_shares)
    for name, weights in about.line_weights.items():
        function = (name, about.path.name)
        found[f"lines of {name}"] = distance_to_lines(observation.lines, function, weights)
    return found
