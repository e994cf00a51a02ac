"""Every engine has to stand what is done here."""

from __future__ import annotations

import pytest
from support.engines import POSSIBLE_ENGINES, runnable


@pytest.fixture(params=POSSIBLE_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of an engine that can run here."""
    return runnable(request.param)
