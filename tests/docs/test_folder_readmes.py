"""A README in a source folder has a line for each of its files, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.doc_pages import ROOT

FOLDERS = sorted(path for path in ROOT.glob("packages/*/src/*") if path.is_dir())
SUFFIXES = {".py", ".pyx", ".pxd", ".h", ".c"}
VIEWER_SUFFIXES = {".ts", ".svelte", ".css"}


def named_in(readme: Path) -> set[str]:
    """Files in the first cell of its tables."""
    cells = re.findall(r"(?m)^\| (`[^|]+) \|", readme.read_text(encoding="utf-8"))
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def files_in(folder: Path, suffixes: set[str]) -> set[str]:
    """Paths from the folder; a `.pxd` that declares what its `.pyx` has is not worth a line."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in suffixes
        and not (path.suffix == ".c" and path.with_suffix(".pyx").exists())
        and not (path.suffix == ".pxd" and path.with_suffix(".pyx").exists())
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_file_of_a_package_has_its_line(folder: Path) -> None:
    assert named_in(folder / "README.md") == files_in(folder, SUFFIXES)


def test_every_file_of_the_viewer_has_its_line() -> None:
    frontend = ROOT / "frontend"
    named = {
        name for name in named_in(frontend / "README.md") if (frontend / "src" / name).exists()
    }
    assert files_in(frontend / "src", VIEWER_SUFFIXES) - named == set()
