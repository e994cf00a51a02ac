"""The `pyinstrument` that runs is this repository's, and not the one of the registry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version
from repository import PACKAGES

import pyinstrument

ROOT = Path(__file__).parents[2]


def origin_of(distribution: str) -> dict[str, Any]:
    """Where an installer took it from, as it noted; it notes nothing for a registry's files."""
    text = metadata.distribution(distribution).read_text("direct_url.json")
    assert text is not None, f"{distribution} was installed from a registry"
    origin: dict[str, Any] = json.loads(text)
    return origin


def test_the_version_is_one_that_only_ours_has() -> None:
    assert Version(metadata.version("pyinstrument")) >= Version("6.dev0")


@pytest.mark.parametrize("distribution", [package.distribution for package in PACKAGES.values()])
def test_every_package_comes_from_this_checkout(distribution: str) -> None:
    assert origin_of(distribution)["url"].startswith(ROOT.as_uri() + "/")


def test_the_imported_package_is_the_installed_one() -> None:
    imported = Path(pyinstrument.__file__).resolve()
    if os.environ.get("PYINSTRUMENT_DIST"):
        installed = metadata.distribution("pyinstrument").locate_file("pyinstrument/__init__.py")
        assert imported == Path(str(installed)).resolve()
    else:
        assert imported == ROOT / "packages/cli/src/pyinstrument/__init__.py"


def test_the_command_is_ours() -> None:
    points = metadata.distribution("pyinstrument").entry_points
    scripts = [(p.name, p.value) for p in points if p.group == "console_scripts"]
    assert scripts == [("pyinstrument", "pyinstrument.app:main")]


def test_the_command_and_the_module_tell_the_version_that_is_installed() -> None:
    version = metadata.version("pyinstrument")
    script = Path(sys.executable).with_name("pyinstrument")
    for command in ([str(script)], [sys.executable, "-m", "pyinstrument"]):
        out = subprocess.run(
            [*command, "--version"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        assert version in out
