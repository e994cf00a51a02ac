"""Reports as their readers see them: real ones, from files, in Chromium, with the network off.

What is looked at is in frontend/browser; here is only what starts it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import FRONTEND, Npm

FILES = sorted(path.name for path in (FRONTEND / "browser").glob("*.test.ts"))


@pytest.mark.parametrize("file", FILES)
def test_in_a_browser(file: str, npm: Npm, chromium: str, reports: Path) -> None:
    npm.run("run", "test:browser", "--", f"browser/{file}", REPORTS=str(reports), CHROMIUM=chromium)
