"""A repository to release from: the package `model` on `main`, as before its first release.

The scripts of `scripts/` are run on it as a developer runs them, each by a command of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INTRODUCTION = "# Changelog of pyinstrument-model\n\n<!-- newest release below -->\n"


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=repository, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


def commit(repository: Path, message: str, **files: str) -> None:
    """Files of packages/model, named without their folder and with ``__`` for ``/``."""
    for name, text in files.items():
        path = repository / "packages/model" / name.replace("__", "/")
        path = path.with_suffix(".py") if name.startswith("src") else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)


def fragment(repository: Path, name: str, text: str) -> None:
    folder = repository / "packages/model/changes"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text + "\n", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "tell of a change")


def with_floors(project: str, floor: str) -> str:
    """The text of a `pyproject.toml` that asks for this floor of every sibling."""
    return re.sub(r"(pyinstrument-\w+(?:\[[^\]]+\])?>=)[^,]+", rf"\g<1>{floor}", project)


def run(repository: Path, script: str, *arguments: str) -> tuple[int, str]:
    """Status and what it says on stderr."""
    command = [sys.executable, str(ROOT / "scripts" / script), "--root", str(repository)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    return done.returncode, done.stderr.strip()


def release(repository: Path, *arguments: str) -> None:
    assert run(repository, "release.py", *arguments) == (0, "")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The package `model` with an empty changelog, on `main`, after a release of the sampler."""
    top = tmp_path / "repository"
    package = top / "packages/model"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "towncrier.toml", top)
    text = (ROOT / "packages/model/pyproject.toml").read_text(encoding="utf-8")
    # As before the first release, which makes floors final and moves the fallback on.
    text = with_floors(text, "1.0.0.dev0")
    text = re.sub(r'(fallback-version = ").+(")', r"\g<1>1.0.0.dev0\g<2>", text)
    (package / "pyproject.toml").write_text(text, encoding="utf-8")
    (package / "CHANGELOG.md").write_text(INTRODUCTION)
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "a")
    git(top, "config", "user.email", "a@b.c")
    commit(top, "one")
    git(top, "tag", "sampler-v1.0.0")
    return top
