"""A file holds one concept: at most 400 lines, and a docstring that says what it is in three."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LIMIT = 400

LONGER_FOR_A_REASON: dict[str, str] = {}
"""Path from the root → why it is one concept and yet longer than the limit."""

LIST_ITEM = re.compile(r"([0-9]+\.|[-*]) ")

SOURCE_SUFFIXES = {".py", ".pyx", ".pxd", ".pyi", ".h", ".c"}
FOLDERS = ("packages", "tests", "benchmarks", "examples", "scripts", "docs")


def source_files(*suffixes: str) -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and not any(part.startswith(".") for part in path.parts)
    ]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def module_docstring(path: Path) -> str | None:
    """The text that a Python or Cython file opens with, below its comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".pyx":
        return ast.get_docstring(ast.parse(text), clean=False)  # cleaning would dedent
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#")).lstrip()
    if not code.startswith('"""'):
        return None
    return code.split('"""')[1].strip()


def prose_of(docstring: str) -> list[str]:
    """Its lines, without empty ones, lists, drawn trees, and what is indented (examples)."""
    paragraphs = [part for part in docstring.split("\n\n") if "└──" not in part]
    lines = [line for part in paragraphs for line in part.splitlines() if line.strip()]
    return [line for line in lines if not line[:1].isspace() and not LIST_ITEM.match(line)]


def test_no_file_is_longer_than_the_limit_without_a_reason() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines_of(path)
        for path in source_files(*SOURCE_SUFFIXES)
        if lines_of(path) > LIMIT
    }
    assert set(long) - set(LONGER_FOR_A_REASON) == set(), long


def test_every_reason_is_still_needed() -> None:
    assert [path for path in LONGER_FOR_A_REASON if lines_of(ROOT / path) <= LIMIT] == []


def test_every_module_says_what_it_is_in_three_lines() -> None:
    faults = {}
    for path in source_files(".py", ".pyx"):
        if "benchmarks" in path.parts:
            continue  # what a measurement means takes more room
        docstring = module_docstring(path)
        if not path.read_text(encoding="utf-8").strip():
            continue  # an empty __init__.py
        if docstring is None:
            faults[path.relative_to(ROOT).as_posix()] = "no docstring"
        elif len(prose_of(docstring)) > 3:
            faults[path.relative_to(ROOT).as_posix()] = f"{len(prose_of(docstring))} lines"
    assert faults == {}


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_no_unfinished_work_is_marked_in_the_packages(word: str) -> None:
    assert [
        path.relative_to(ROOT).as_posix()
        for path in source_files(*SOURCE_SUFFIXES)
        if "packages" in path.parts and word in path.read_text(encoding="utf-8")
    ] == []


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_generated_file_is_in_git() -> None:
    generated = {".so", ".pyd", ".o", ".whl", ".gz", ".pyc"}
    made = [path for path in tracked_files() if path.suffix in generated]
    # What Cython writes lies beside the .pyx that it is made of.
    made += [
        path
        for path in tracked_files()
        if path.suffix == ".c" and path.with_suffix(".pyx").exists()
    ]
    assert made == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    folders = [f"{ROOT}/".encode(), f"{Path.home()}/".encode()]
    assert [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if any(folder in path.read_bytes() for folder in folders)
    ] == []
