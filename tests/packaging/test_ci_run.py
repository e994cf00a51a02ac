"""`.ci/run` checks everything, whatever `python3` is; with programs that only note what they do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is for bash")

ROOT = Path(__file__).parents[2]

HATCH = """#!/bin/sh
echo "$(python3 -c version): hatch $*" >> "$NOTES"
[ "$*" != "env create $FAILING" ]
"""
PYTHON = """#!/bin/sh
[ "$1" = -c ] && echo {version}
[ "$2" != venv ] && exit
mkdir -p "$3/bin" && cp "$PROGRAMS/hatch" "$3/bin/hatch" && cp "$PROGRAMS/go" "$3/bin/pip"
"""


def write_program(path: Path, text: str = "#!/bin/sh\n") -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """`.ci/run` and what it reads, with interpreters of the matrix in `programs`."""
    for name in (".ci/run", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    for version in ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13"):
        write_program(programs / f"python{version}", PYTHON.format(version=version))
    write_program(programs / "hatch", HATCH)
    write_program(programs / "chromium")
    write_program(programs / "go")
    return tmp_path


def commands(checkout: Path, python3: str, failing: str = "") -> tuple[int, list[str]]:
    """Its status, and every command of hatch with the version that `python3` then was."""
    programs = checkout / "programs"
    write_program(programs / "python3", PYTHON.format(version=python3))
    variables = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(checkout),
        "NOTES": str(checkout / "notes"),
        "PROGRAMS": str(programs),
        "FAILING": failing,
    }
    command = ["bash", str(checkout / ".ci" / "run")]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    return done.returncode, sorted((checkout / "notes").read_text(encoding="utf-8").splitlines())


def expected(default: str) -> list[str]:
    folders = "tests/sampler tests/model tests/renderers tests/cli"
    versions = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
    made = [f"hatch-test.py{version}" for version in versions]
    tested = [f"--python {version} {folders}" for version in versions if version != default]
    tested = [one + " tests/integrations" * ("3.13" in one) for one in tested]
    ran = ["run lint:check", "run types:check", "run docs:check", "run oldest:test"]
    ran += ["run dist:check", "test", *(f"test {one}" for one in tested)]
    ran += [f"env create {name}" for name in (*made, "types", "docs", "oldest")]
    return sorted(f"{default}: hatch {one}" for one in ran)


def test_python3_runs_everything_and_the_others_of_the_matrix_run_what_differs(
    checkout: Path,
) -> None:
    assert commands(checkout, "3.11") == (0, expected("3.11"))


def test_where_python3_is_newer_than_the_matrix_the_newest_of_it_stands_in(checkout: Path) -> None:
    assert commands(checkout, "3.14") == (0, expected("3.13"))


def test_an_environment_that_cannot_be_made_fails_and_the_others_are_made(checkout: Path) -> None:
    assert commands(checkout, "3.11", "hatch-test.py3.8") == (1, expected("3.11"))
