"""Starts what measures in a process of its own, and reads the JSON that it prints last."""

from __future__ import annotations

import json
import statistics
import subprocess
from typing import Any, Callable, Sequence

import environments

_LAST_LINES = 5
"""Of what a process said before it ended with an error."""


class WorkerFailure(Exception):
    """A measuring process could not be run, or ended with an error: the last lines it wrote."""


def run(command: Sequence[str]) -> dict[str, Any]:
    """What the last line says that the command prints."""
    try:
        done = subprocess.run(
            command, capture_output=True, env=environments.variables(), text=True, check=False
        )
    except OSError as error:
        raise WorkerFailure(f"cannot run {command[0]!r}: {error}") from error
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-_LAST_LINES:]) or "no message"
        raise WorkerFailure(f"{' '.join(command[1:])} ended with {done.returncode}: {last}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def median_of(measure: Callable[[], dict[str, float]], times: int) -> dict[str, float]:
    """Each figure's median over so many measurements."""
    runs = [measure() for _ in range(times)]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}
