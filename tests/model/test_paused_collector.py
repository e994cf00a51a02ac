"""The collector pauses while a tree is built, and is afterwards as it was."""

from __future__ import annotations

import gc
from typing import Iterator

import pytest

from pyinstrument_model.paused_collector import paused_collector


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled: bool) -> None:
    if not enabled:
        gc.disable()
    with paused_collector():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_also_when_building_fails() -> None:
    with pytest.raises(KeyError):
        with paused_collector():
            raise KeyError
    assert gc.isenabled()


def test_nothing_stays_frozen_but_what_the_program_froze() -> None:
    with paused_collector():
        pass
    assert gc.get_freeze_count() == 0
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        with paused_collector():
            pass
        assert gc.get_freeze_count() == frozen > 0
    finally:
        gc.unfreeze()
