"""The look at files before a commit: what it refuses, and what it mends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/tidy_files.py"
STRAY = "space at the end of a line, or not one newline at the end of the file"


def look(root: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, str(SCRIPT), "--root", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stderr.strip()


def write(root: Path, name: str, content: bytes) -> str:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.py", b"a = 1\n", ""),
        ("empty", b"", ""),
        ("picture.png", b"\0 \n", ""),
        ("a.py", b"a = 1 \n", STRAY),
        ("a.md", b"a line  \nand more\n", STRAY),
        ("a.py", b"a = 1", STRAY),
        ("a.py", b"a = 1\n\n", STRAY),
        ("a.py", b"<<<<<<< HEAD\n", "marks of a merge conflict"),
        # Named: pytest for 3.8 would put all of it into a variable of the environment.
        pytest.param(
            "big.json", b"x" * 512_000 + b"\n", "512,001 bytes: more than 512,000", id="big"
        ),
        ("lib/a.so", b"\0", "made by a build, and no part of the repository"),
        ("html/static/app.js", b"x\n", "made by a build, and no part of the repository"),
        ("tests/cases/sessions/a.json", b"{} ", ""),
    ],
)
def test_a_file_that_is_not_tidy_is_named(
    tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    write(tmp_path, name, content)
    assert look(tmp_path, name) == ((1, f"{name}: {fault}") if fault else (0, ""))


def test_spaces_and_newlines_are_mended(tmp_path: Path) -> None:
    name = write(tmp_path, "a.py", b"a = 1 \t\n\nb = 2\t\n\n")
    assert look(tmp_path, "--fix", name) == (0, "")
    assert (tmp_path / name).read_bytes() == b"a = 1\n\nb = 2\n"


def test_without_names_it_looks_at_all_that_git_tracks(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    write(tmp_path, "tracked.py", b"a = 1 \n")
    write(tmp_path, "other.py", b"a = 1 \n")
    subprocess.run(["git", "add", "tracked.py"], cwd=tmp_path, check=True)
    assert look(tmp_path) == (1, f"tracked.py: {STRAY}")
