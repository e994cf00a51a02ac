"""The truth harness's programs: what is known of them, and that they can be run and told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from truth.about import About, program_names, read_about
from truth.judging import judge
from truth.observation import Observation, Place, Stack, read_observation

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

SOURCE = '''\
"""A program."""

BELOW_100_NS = True
SHARES = {"one": 3, "other": 1}
UNITS = 5


def one(x):
    y = x * x  # weight 3
    return y % x  # weight 1


def other(x):
    return x
'''


def test_constants_and_weights_are_read_from_the_source(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(SOURCE)

    assert read_about(path) == About(
        name="some",
        path=path,
        is_below_100_ns=True,
        shares={"one": 3, "other": 1},
        total_shares={},
        line_weights={"one": {9: 3, 10: 1}},
    )


RUN_ALL = """
from importlib import import_module
from truth.about import program_names

for name in program_names():
    if name != "numpy_operators":
        program = import_module("truth.programs." + name)
        program.work(1)
        program.work(1)
        print(name)
"""


def test_every_program_can_work_more_than_once() -> None:
    # In a process of their own: they start threads that go on, and forget modules.
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL], capture_output=True, text=True, cwd=BENCHMARKS, check=False
    )

    assert (done.stderr, done.returncode) == ("", 0)
    assert {*done.stdout.split(), "numpy_operators"} == set(program_names())


def test_an_observation_survives_being_written(tmp_path: Path) -> None:
    work, leaf = Place("work", "p.py", 1), Place("leaf", "p.py", 5)
    seen = Observation(
        stacks={(): 1, (work,): 2, (work, leaf): 3.5},
        others={(leaf,): 4},
        lines={("leaf", "p.py", 6): 3.5},
        samples=9,
        notes=("a note",),
    )
    seen.write(tmp_path / "seen")

    assert read_observation(tmp_path / "seen") == seen


def test_excess_is_what_is_above_the_references_own_noise() -> None:
    about = About("some", Path("p.py"), False, {"a": 1, "b": 1}, {}, {})

    def seen(a: float, b: float) -> Observation:
        stacks: dict[Stack, float] = {
            (Place("a", "p.py", 1),): a,
            (Place("b", "p.py", 5),): b,
        }
        return Observation(stacks, {}, {}, samples=100)

    result = judge(about, seen(1, 1), [seen(50, 50), seen(54, 46)], {"engine": seen(60, 40)})

    judgement = result.judgements["engine"]
    assert result.floor == pytest.approx((0.04, 0.04))
    assert judgement.excess == pytest.approx((0.04, 0.04))
    assert judgement.known == pytest.approx({"self times": 0.1})
    assert judgement.impossible == []
