"""Firefox Profiler's own code, on the command line: opens a file and answers questions about it.

Its program keeps the profile in a process of its own, which is started here rather than by its
`load`, since that gives up on a busy machine after half a second.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from support.outside_programs import FRONTEND
from support.read_stacks import Stacks, add

COMMAND = (
    "node",
    str(FRONTEND / "node_modules/@firefox-devtools/profiler-cli/dist/profiler-cli.js"),
)
"""Its package asks for Node.js 24, and the viewer for 20.19 or later. npm only warns of that; under
20 the program answers all that is asked here."""
LOADED = "Profile loaded successfully"
LONG_S = 60
"""What opening may take on a busy machine."""


class FirefoxProfiler:
    """One opened profile; *folder* has a short path, since its socket lies there."""

    def __init__(self, file: Path, folder: Path) -> None:
        self._environment = {**os.environ, "PROFILER_CLI_SESSION_DIR": str(folder)}
        self._process = subprocess.Popen(
            [*COMMAND, "--daemon", str(file), "--session", "run"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        log = folder / "run.log"
        give_up = time.monotonic() + LONG_S
        # A question that comes earlier would take the new process for a dead one's remains.
        while not (log.exists() and LOADED in log.read_text(encoding="utf-8")):
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.close()
                said = log.read_text(encoding="utf-8") if log.exists() else "nothing"
                raise AssertionError(f"Firefox Profiler did not open {file}; it said: {said}")
            time.sleep(0.02)

    def ask(self, *question: str) -> Any:
        """The answer to a question of its command line, from JSON."""
        done = self._run(*question, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def stacks(self, thread: str) -> Stacks:
        """Self time by stack, with the thread's name first."""
        answer = self.ask(
            *("thread", "samples-top-down", "--thread", thread, "--include-idle"),
            *("--max-lines", "1000"),
        )
        assert answer["weightType"] == "tracing-ms"
        return _self_times(answer["regularCallTree"], answer["friendlyThreadName"])

    def close(self) -> None:
        """The process ends."""
        self._process.kill()
        self._process.wait()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments, "--session", "run"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONG_S,
            check=False,
        )


def _self_times(tree: Any, thread: str) -> Stacks:
    found: Stacks = {}
    waiting: list[tuple[Any, tuple[str, ...]]] = [(tree, (thread,))]
    while waiting:
        node, path = waiting.pop()
        add(found, path, round(node["selfSamples"] * 1e6))
        waiting.extend((child, (*path, child["name"])) for child in node["children"])
    return found
