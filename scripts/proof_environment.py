"""A virtual environment of a proof, and the commands that are run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from repository import PACKAGES, ROOT

PROGRAMS = ROOT / "scripts" / "proof"
OURS = tuple(package.import_name for package in PACKAGES.values())
"""As files in dist/ are named."""
NO_CHANGE = ("PYTHONPATH", "PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED")
"""Variables that would hide what users see."""
LIMIT_S = 300
"""Of a command."""


class ProofError(Exception):
    """Something that users need does not work; the message says what."""


class Environment:
    """A new virtual environment, and the commands that are run in it."""

    def __init__(self, folder: Path, search_path: str | None = None) -> None:
        """*search_path* is the PATH of all commands; None leaves it as it is."""
        self.folder = folder
        programs = "Scripts" if os.name == "nt" else "bin"
        self.programs = folder / programs
        self.variables = {k: v for k, v in os.environ.items() if k not in NO_CHANGE}
        self.variables.update(PYINSTRUMENT_REPORTS="0", VIRTUAL_ENV=str(folder))
        if search_path is not None:
            self.variables["PATH"] = search_path
        run([uv(), "venv", "-q", "--python", sys.executable, str(folder)])

    def install(self, *arguments: str | Path) -> str:
        """What uv prints."""
        # Not what its cache has of ours: that need not be of these files.
        fresh = [f"--refresh-package={name.replace('_', '-')}" for name in OURS]
        # Named, since UV_PYTHON would be taken before the environment's own variable.
        command = [uv(), "pip", "install", "--python", str(self.folder), *fresh]
        command += map(str, arguments)
        return run(command, variables=self.variables)

    def check(self) -> None:
        """Raises where something that is installed lacks what it needs, or has the wrong one."""
        run([uv(), "pip", "check", "-q", "--python", str(self.folder)], variables=self.variables)

    def python(self, *arguments: str | Path, cwd: Path) -> str:
        return run([str(self.programs / "python"), *map(str, arguments)], cwd, self.variables)

    def pyinstrument(self, *arguments: str | Path, cwd: Path) -> str:
        return run([str(self.programs / "pyinstrument"), *map(str, arguments)], cwd, self.variables)

    def profile(self, work: Path) -> str:
        """The report of an example that is copied to where no checkout is."""
        for name in ("word_count.py", "word_count.txt"):
            shutil.copy(ROOT / "examples" / name, work)
        report = work / "report.txt"
        self.pyinstrument("-o", report, "word_count.py", cwd=work)
        text = report.read_text(encoding="utf-8")
        if "edit_distance" not in text:
            raise ProofError(f"the report does not show where the time went:\n{text}")
        return text


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """For a ``with``; what the system does not let go of stays behind, from Python 3.10 on."""
    if sys.version_info >= (3, 10):
        return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    return tempfile.TemporaryDirectory()


def only(folder: Path, pattern: str) -> Path:
    """The one file of that name in the folder."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise ProofError(f"{folder} must have one {pattern}, it has {[p.name for p in found]}")
    return found[0]


def uv() -> str:
    """The program, by its whole path: a proof may run without any PATH."""
    found = os.environ.get("HATCH_UV") or shutil.which("uv")
    if not found:
        raise ProofError("there is no uv: run this with hatch, or put uv on PATH")
    return found


def run(
    command: list[str], cwd: Path | None = None, variables: dict[str, str] | None = None
) -> str:
    """What it prints, both streams together; raises if it fails or does not end."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise ProofError(f"{' '.join(command)}: did not end within {LIMIT_S} s") from error
    if done.returncode != 0:
        raise ProofError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done.stdout
