"""Programs that are hard on a sampler do with it exactly what they do without, and are recorded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from support import hostile
from support.engines import POSSIBLE_COMPILED_ENGINES, THREAD_ENGINES
from support.hostile_runs import Outcome, Sampled, run_plain, run_sampled


@lru_cache(maxsize=None)
def plain(name: str) -> Outcome:
    return run_plain(hostile.path_of(name))


def check(engine: str, name: str, folder: Path, threads: str = "current") -> None:
    reason = hostile.unavailable_reason(name)
    if reason is not None:
        pytest.skip(reason)
    expected = plain(name)
    assert (expected.status, expected.errors) == (0, "")
    assert expected.output

    sampled = run_sampled(engine, hostile.path_of(name), folder, threads=threads)
    assert sampled == Sampled(expected, "whole")


FOR_ALL = [name for name in hostile.PROGRAMS if name not in hostile.MADE_FOR_COMPILED_ENGINES]


@pytest.mark.parametrize("name", FOR_ALL)
def test_program_does_the_same_and_is_recorded(engine: str, name: str, tmp_path: Path) -> None:
    check(engine, name, tmp_path)


@pytest.mark.parametrize("engine", POSSIBLE_COMPILED_ENGINES, indirect=True)
@pytest.mark.parametrize("name", sorted(hostile.MADE_FOR_COMPILED_ENGINES))
def test_program_does_the_same_to_the_last_frame(engine: str, name: str, tmp_path: Path) -> None:
    check(engine, name, tmp_path)


# The others see a thread at its own events: what one sees of all is what it sees of each.
@pytest.mark.parametrize("engine", {"safepoint"}.intersection(THREAD_ENGINES), indirect=True)
@pytest.mark.parametrize("name", hostile.ALL)
def test_program_does_the_same_and_all_its_threads_are_recorded(
    engine: str, name: str, tmp_path: Path
) -> None:
    check(engine, name, tmp_path, threads="all")


def test_every_program_of_the_folder_is_known() -> None:
    folder = hostile.path_of("any").parent
    assert sorted((*hostile.ALL, "__init__")) == sorted(path.stem for path in folder.glob("*.py"))
