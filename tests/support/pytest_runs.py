"""Runs pytest with the plugin in a process of its own, on tests made up for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

OURS = "pyinstrument_integrations.pytest_plugin"


SCOPE = "asyncio_default_fixture_loop_scope = function\n"
"""pytest-asyncio warns where that is not set."""


def has_scope() -> bool:
    """Whether pytest-asyncio knows the setting; before, it is pytest that warns where it is set."""
    return tuple(map(int, version("pytest-asyncio").split(".")[:2])) >= (0, 24)


class Run(NamedTuple):
    """How it ended, and what it printed."""

    status: int
    output: str

    @property
    def counts(self) -> str:
        """The last line, without the time."""
        return re.sub(r"\s*in [\d.]+s.*", "", self.output.strip().splitlines()[-1]).strip("= ")

    def listed(self) -> list[str]:
        """Ids of the tests in the list of the slowest."""
        return re.findall(r"^ +[\d.]+ s  (\S.*)$", self.output, re.MULTILINE)


def run_pytest(folder: Path, source: str, *arguments: str, plugins: tuple[str, ...] = ()) -> Run:
    """Only the named plugins are loaded, whatever is installed."""
    (folder / "test_made_up.py").write_text(textwrap.dedent(source), encoding="utf-8")
    setting = SCOPE if "pytest_asyncio.plugin" in plugins and has_scope() else ""
    (folder / "pytest.ini").write_text(f"[pytest]\n{setting}")
    loaded = [word for plugin in (OURS, *plugins) for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *loaded]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": "120",
    }
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )
    return Run(done.returncode, done.stdout)
