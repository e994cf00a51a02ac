"""The viewer's own checks: types and markup, and its unit tests."""

from __future__ import annotations

import os

import pytest

from .conftest import Npm

pytestmark = pytest.mark.skipif(
    "PYINSTRUMENT_DIST" in os.environ, reason="wheels hold the result, not what is checked here"
)


def test_types_and_markup_are_sound(npm: Npm) -> None:
    npm.run("run", "check")


def test_its_own_tests_pass(npm: Npm) -> None:
    npm.run("test")
