"""The truth harness's table: what is above a bound, or did not happen, cannot be overlooked."""

from __future__ import annotations

from pathlib import Path

import pytest
from truth import command
from truth.about import About
from truth.distance import Distances
from truth.judging import Judgement, ProgramResult
from truth.observation import Place
from truth.possible import Impossible
from truth.report import as_markdown
from truth.running import Pythons, RunFailure

LIE = Impossible((Place("work", "/p/fine.py", 1), Place("leaf", "/p/fine.py", 5)), 3.0)


def about(name: str, *, is_below: bool = False) -> About:
    return About(name, Path(f"{name}.py"), is_below, {"a": 3, "b": 1}, {}, {})


def judged(excess: tuple[float, float] | None, known: float, *lies: Impossible) -> Judgement:
    return Judgement(1000, [*lies], Distances(*excess) if excess else None, {"self times": known})


def test_table_has_a_row_a_program_and_marks_what_is_above_its_bound() -> None:
    floor = Distances(0.02, 0.01)
    slow = ProgramResult(
        about("slow"),
        floor,
        {"new": judged((0.031, 0.03), 0.05), "py-spy": judged(None, 0.01)},
    )
    fine = ProgramResult(
        about("fine", is_below=True),
        floor,
        {"new": judged((0.031, 0.2), 0.05, LIE), "py-spy": judged(None, 0.01)},
    )

    text = as_markdown(
        "CPython 3.12.1", "short", [slow, fine], ["new", "py-spy"], "py-spy", ["b: absent"]
    )

    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert [lines[4], *lines[6:]] == [
        "| self / total | py-spy twice | new |",
        "| *functions of 100 ns and more: bound 0.03* | | |",
        "| slow | 0.020 / 0.010 | **0.031** / 0.030 |",
        "| *functions of below 100 ns: bound 0.10* | | |",
        "| fine | 0.020 / 0.010 | 0.031 / **0.200** |",
        "| *distance to known ratios* | | |",
        "| slow, self times | 0.010 | **0.050** |",
        "| fine, self times | 0.010 | 0.050 |",
        "| **within bounds** | 2 of 2 | 3 of 6 |",
        "| **impossible stacks** | **0** | **1** |",
        "| samples | 2,000 | 2,000 |",
        "",
        "- left out: b: absent",
        "- impossible, new, fine: 3 in: work (fine.py:1) > leaf (fine.py:5)",
    ]


def test_others_are_judged_by_the_best_reference_that_runs_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(pythons: Pythons, program: str, watcher: str, *options: float) -> None:
        if watcher == "signals":
            raise RunFailure("there is no gcc")

    monkeypatch.setattr(command, "run", run)
    left_out: list[str] = []
    pythons = Pythons(Path("python"), None, None, {})
    found = command.first_that_runs(pythons, ["signals", "py-spy"], left_out)
    assert (found, left_out) == ("py-spy", ["signals: there is no gcc"])
    assert command.first_that_runs(pythons, ["signals"], left_out) is None
