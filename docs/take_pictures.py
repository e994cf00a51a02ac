"""Takes the pictures of a report that README and the site show: ``hatch run docs:pictures``.

Profiles an example and opens the page in a Chromium ($CHROMIUM, or on PATH), light and dark.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pyinstrument_model import Session

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/word_count.py"
SIZE = (1200, 540)
TRIES = 40
BUSY_SHARE = 0.97
"""Of its time the example computes; it reads one small file."""
LIMIT = 200_000
"""Bytes of a picture: README has to open quickly."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
THEMES = {"light": 1, "dark": 0}
"""Theme → what Chromium calls it."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        names = " or ".join(BROWSERS)
        sys.exit(f"there is no {names} on PATH: install one, or name one by CHROMIUM=/path")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        profile(report)
        for theme, number in THEMES.items():
            picture = ROOT / "docs/pictures" / f"report-{theme}.png"
            take(browser, report, picture, number, folder)
            print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")
            if picture.stat().st_size > LIMIT:
                sys.exit(f"{picture.name} is larger than {LIMIT:,} bytes: choose a smaller SIZE")


def profile(report: Path) -> None:
    """Again, where other programs took the processor meanwhile: the picture is of the example."""
    session = report.with_suffix(".pyisession")
    command = [sys.executable, "-m", "pyinstrument", "-o", str(report), "-o", str(session), EXAMPLE]
    for _ in range(TRIES):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if (run := Session.load(session)).cpu_time > BUSY_SHARE * run.duration:
            return
    sys.exit(f"the machine is busy: no run of {TRIES} had the processor to itself")


def take(browser: str, report: Path, picture: Path, theme: int, folder: str) -> None:
    options = [
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        f"--user-data-dir={folder}/browser",
        f"--window-size={SIZE[0]},{SIZE[1]}",
        f"--blink-settings=preferredColorScheme={theme}",
        "--virtual-time-budget=10000",  # until the viewer has shown the report
        f"--screenshot={picture}",
    ]
    subprocess.run(
        [browser, *options, report.as_uri()], check=True, stderr=subprocess.DEVNULL, timeout=120
    )


if __name__ == "__main__":
    main()
