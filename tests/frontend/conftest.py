"""What the viewer's tests need: its tools, a current build, and reports for a browser to open."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from support.outside_programs import FRONTEND, ROOT, Npm, build_hook, chromium, npm

__all__ = ["build_hook", "chromium", "npm"]

BUILT = ROOT / "packages/renderers/src/pyinstrument_renderers/html/static"

sys.path.append(str(ROOT / "benchmarks"))  # large sessions are made up there


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory, npm: Npm, build_hook: Any) -> Path:
    """A folder of reports, made with the viewer as it is now."""
    if "PYINSTRUMENT_DIST" not in os.environ and not build_hook.is_current(FRONTEND, BUILT):
        build_hook.build(FRONTEND, BUILT)
    from support.html_reports import write_reports

    folder = tmp_path_factory.mktemp("reports")
    write_reports(folder)
    return folder
