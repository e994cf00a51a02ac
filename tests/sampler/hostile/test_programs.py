"""Programs that are hard on a sampler do with it exactly what they do without, and are recorded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from support import hostile
from support.hostile_runs import Outcome, Sampled, run_plain, run_sampled


@lru_cache(maxsize=None)
def plain(name: str) -> Outcome:
    return run_plain(hostile.path_of(name))


@pytest.mark.parametrize("name", hostile.PROGRAMS)
def test_program_does_the_same_and_is_recorded(engine: str, name: str, tmp_path: Path) -> None:
    reason = hostile.unavailable_reason(name)
    if reason is not None:
        pytest.skip(reason)
    if engine == "reference" and name == "recursion_depth":
        pytest.skip("a profile function in Python takes the program's last frames for itself")
    expected = plain(name)
    assert (expected.status, expected.errors) == (0, "")
    assert expected.output

    assert run_sampled(engine, hostile.path_of(name), tmp_path) == Sampled(expected, "whole")


def test_every_program_of_the_folder_is_run() -> None:
    folder = hostile.path_of("any").parent
    assert sorted(hostile.PROGRAMS) == sorted(
        path.stem for path in folder.glob("*.py") if path.stem != "__init__"
    )
