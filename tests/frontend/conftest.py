"""What the viewer's tests need: its tools, a current build, and reports for a browser to open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "packages/renderers/src/pyinstrument_renderers/html/static"
REQUIRED = "PYINSTRUMENT_REQUIRE_BROWSER"
"""Where it is 1, what is missing is a failure; else its tests are skipped."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

sys.path.append(str(ROOT / "benchmarks"))  # large sessions are made up there


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
        oldest = ".".join(map(str, build_hook.OLDEST_NODE))
        missing(f"needs Node.js {oldest} or later, and npm")
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
def reports(tmp_path_factory: pytest.TempPathFactory, npm: Npm, build_hook: Any) -> Path:
    """A folder of reports, made with the viewer as it is now."""
    if "PYINSTRUMENT_DIST" not in os.environ and not build_hook.is_current(FRONTEND, BUILT):
        build_hook.build(FRONTEND, BUILT)
    from support.html_reports import write_reports

    folder = tmp_path_factory.mktemp("reports")
    write_reports(folder)
    return folder
