"""Runs the command as its users do, in a folder and with a report store of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, Sequence

TIMEOUT = 60
SCRIPT = str(Path(__file__).parent / "bin" / "pyinstrument")
UNWANTED = ("PYINSTRUMENT_", "NO_COLOR", "FORCE_COLOR", "COVERAGE_", "PYTHONUNBUFFERED")


class Result(NamedTuple):
    """What a process did."""

    stdout: str
    stderr: str
    status: int


class Command:
    """Runs ``python`` and ``pyinstrument`` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)
        }
        # Relative entries would mean other folders to a process that starts elsewhere.
        path = [
            os.path.abspath(part)
            for part in os.environ.get("PYTHONPATH", "").split(os.pathsep)
            if part
        ]
        self.environ.update(
            HOME=str(folder / "home"),
            XDG_DATA_HOME=str(folder / "home" / "data"),
            PYTHONPATH=os.pathsep.join(path),
            PYTHONIOENCODING="utf-8",
            PYTHONDONTWRITEBYTECODE="1",
        )
        self.reports = folder / "home" / "data" / "pyinstrument" / "reports"

    def file(self, name: str, content: str) -> Path:
        """Writes a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def module(self, name: str, content: str) -> None:
        """Writes a module that can be imported, as if it were installed."""
        folder = self.file(f"modules/{name}.py", content).parent
        entries = [str(folder), *filter(None, [self.environ["PYTHONPATH"]])]
        self.environ["PYTHONPATH"] = os.pathsep.join(entries)

    def python(self, *arguments: str, **options: Any) -> Result:
        """Runs plain ``python``."""
        return self._run([sys.executable, *arguments], **options)

    def pyinstrument(
        self, *arguments: str, python_options: Sequence[str] = (), **options: Any
    ) -> Result:
        """Runs the command."""
        return self._run([sys.executable, *python_options, SCRIPT, *arguments], **options)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Starts the command, with pipes."""
        return self._start([sys.executable, SCRIPT, *arguments], **options)

    def start_python(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Starts plain ``python``, with pipes."""
        return self._start([sys.executable, *arguments], **options)

    def _start(self, command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
        given: dict[str, Any] = {
            "cwd": self.folder,
            "env": self.environ,
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "universal_newlines": True,
            "encoding": "utf-8",
        }
        return subprocess.Popen(command, **{**given, **options})

    def _run(self, command: Sequence[str], input: str = "", **options: Any) -> Result:
        with self._start(command, **options) as process:
            try:
                stdout, stderr = process.communicate(input, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            return Result(stdout or "", stderr or "", process.returncode)


def on_a_terminal(command: Command, arguments: list[str]) -> tuple[int, bytes]:
    """Status, and what appeared on the terminal that was the standard output."""
    controller, terminal = os.openpty()
    try:
        with command.start(*arguments, stdout=terminal) as process:
            os.close(terminal)
            shown = b""
            while True:
                try:
                    piece = os.read(controller, 65536)
                except OSError:  # Linux: nobody has the other side open any more
                    break
                if not piece:
                    break
                shown += piece
            process.communicate(timeout=TIMEOUT)
            return process.returncode, shown
    finally:
        os.close(controller)
