"""Which engines there are, and which of them a test can run with."""

from __future__ import annotations

import os
import sys

import pytest

from pyinstrument_sampler.engines.selection import ENGINES, choose_engine
from pyinstrument_sampler.errors import EngineUnavailableError

MUST_BE_COMPILED = os.environ.get("PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED") == "1"

_POSSIBLE = tuple(entry for entry in reversed(ENGINES) if sys.version_info >= entry.minimum_python)
COMPILED_ENGINES = tuple(entry.name for entry in ENGINES if entry.compiled)
POSSIBLE_ENGINES = tuple(entry.name for entry in _POSSIBLE)
"""Those of this version, the oracle first."""

POSSIBLE_COMPILED_ENGINES = tuple(entry.name for entry in _POSSIBLE if entry.compiled)
EVENT_ENGINES = tuple(entry.name for entry in _POSSIBLE if entry.sees_every_event)
THREAD_ENGINES = tuple(
    entry.name for entry in _POSSIBLE if sys.version_info >= entry.sees_other_threads_from
)


def runnable(name: str) -> str:
    """*name*; skips the test where the engine cannot run, or fails it where it must."""
    try:
        choose_engine(name)
    except EngineUnavailableError as error:
        if name in COMPILED_ENGINES and MUST_BE_COMPILED:
            pytest.fail(str(error))
        pytest.skip(str(error))
    return name
