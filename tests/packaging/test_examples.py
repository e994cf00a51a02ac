"""The installed command profiles every example, and its report shows what the example is for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

LOOK_FOR = {
    "async_requests.py": ["[await]", "parse"],
    "c_functions.py": ["zlib.compress", "sha256", "pack"],
    "threads.py": ["Thread.join"],
    "word_count.py": ["similar_words", "edit_distance"],
}
"""Example → parts of its report."""


def test_every_example_is_tried() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(LOOK_FOR)


@pytest.mark.parametrize("example", sorted(LOOK_FOR))
def test_the_report_of_an_example_shows_what_to_look_for(example: str, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    command = str(Path(sys.executable).with_name("pyinstrument"))
    done = subprocess.run(
        [command, "-o", str(report), str(EXAMPLES / example)],
        env=dict(os.environ, PYINSTRUMENT_REPORTS="0"),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    text = report.read_text(encoding="utf-8")
    assert [part for part in LOOK_FOR[example] if part not in text] == []
    assert f"Program: {EXAMPLES / example}" in text
