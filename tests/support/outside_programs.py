"""Programs that tests run besides Python: npm, a browser, Go. Fixtures, imported by conftests."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import util
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
REQUIRED = "PYINSTRUMENT_REQUIRE_BROWSER"
"""Where it is 1, a program that is missing is a failure; else its tests are skipped."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Npm:
    """Runs the scripts of frontend/package.json."""

    def run(self, *arguments: str, **variables: str) -> None:
        """Fails the test with what npm printed, where it fails."""
        done = subprocess.run(
            [str(shutil.which("npm")), *arguments],
            cwd=FRONTEND,
            env={**os.environ, "NO_COLOR": "1", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            pytest.fail(f"npm {' '.join(arguments)}\n{done.stdout}", pytrace=False)


def missing(what: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{what}, and {REQUIRED} is 1", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def build_hook() -> Any:
    """The module that builds the viewer for a wheel."""
    pytest.importorskip("hatchling")
    spec = util.spec_from_file_location("hatch_build", ROOT / "packages/renderers/hatch_build.py")
    assert spec is not None and spec.loader is not None
    hook = util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    return hook


@pytest.fixture(scope="session")
def npm(build_hook: Any) -> Npm:
    """With all that the tests use installed, as the lock file has it."""
    if not build_hook.has_node():
        lines = ", ".join(f"{major}.{minor}" for major, minor in build_hook.NODE_LINES)
        missing(f"needs npm and Node.js: {lines}, or later of one of these lines")
    found = Npm()
    installed = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    # A build installs no tools of tests.
    is_whole = (FRONTEND / "node_modules" / "vitest").is_dir()
    if not is_whole or installed.stat().st_mtime < lock.stat().st_mtime:
        found.run("ci", "--ignore-scripts")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's command: that in CHROMIUM, else the first that there is."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing(f"needs a browser: {' or '.join(BROWSERS)} on PATH, or a path in CHROMIUM")
    return found


@pytest.fixture(scope="session")
def go() -> str:
    """The command of Go's tools."""
    return shutil.which("go") or missing("needs Go on PATH")
