"""Runs a program in a process of its own and brings back what was seen of it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import environments

from truth import worker
from truth.observation import Observation, read_observation
from truth.py_spy import parse_raw, py_spy_command
from truth.tachyon import parse_collapsed, tachyon_command

PY_SPY, TACHYON = "py-spy", "tachyon"
FROM_OUTSIDE = (PY_SPY, TACHYON)
"""Who stops the program to look at it."""

REFERENCES = {
    worker.SIGNALS: ((3, 11), (3, 15)),
    PY_SPY: ((3, 6), (3, 13)),
    TACHYON: ((3, 15), (3, 15)),
}
"""Whom others may be judged by, the best first: the first and the last version that it can read."""

BENCHMARKS = Path(__file__).resolve().parent.parent

_SECONDS_TO_START = 120.0


class Pythons(NamedTuple):
    """The interpreters of one version's runs, and what runs in them may import."""

    ours: Path
    upstream: Path | None
    py_spy: Path | None
    variables: dict[str, str]


class RunFailure(Exception):
    """A run that told nothing; the message is the reason."""


def installed(cache: Path, interpreter: environments.Interpreter, watchers: list[str]) -> Pythons:
    """This checkout and the others, installed in environments of their own."""
    ours = environments.ours(cache, interpreter, bodies=False, extra=["numpy"])
    return _with_others(ours, environments.variables(), cache, interpreter, watchers)


def in_place(cache: Path, interpreter: environments.Interpreter, watchers: list[str]) -> Pythons:
    """What the interpreter itself can import: ``PYTHONPATH`` first, then this checkout, in which
    the compiled parts must have been built."""
    sources = sorted(str(path) for path in (BENCHMARKS.parent / "packages").glob("*/src"))
    path = [*filter(None, [os.environ.get("PYTHONPATH")]), *sources]
    variables = {**environments.variables(), "PYTHONPATH": os.pathsep.join(path)}
    return _with_others(Path(interpreter.command), variables, cache, interpreter, watchers)


def _with_others(
    ours: Path,
    variables: dict[str, str],
    cache: Path,
    interpreter: environments.Interpreter,
    watchers: list[str],
) -> Pythons:
    upstream = py_spy = None
    if worker.UPSTREAM in watchers:
        upstream = environments.upstream(cache, interpreter, bodies=False, extra=["numpy"])
    if PY_SPY in watchers:
        py_spy = environments.tool(cache, PY_SPY)
    return Pythons(ours, upstream, py_spy, variables)


def run(
    pythons: Pythons,
    program: str,
    watcher: str,
    seconds: float,
    interval_s: float,
    clock: str = "wall",
) -> Observation:
    """One run of *program* under *watcher*; raises ``RunFailure``."""
    with tempfile.TemporaryDirectory(prefix="truth-") as folder:
        output = Path(folder, "observation")
        task = {
            "program": program,
            "watcher": worker.NONE if watcher in FROM_OUTSIDE else watcher,
            "seconds": seconds,
            "interval_s": interval_s,
            "clock": clock,
            "output": str(Path(folder, "unused") if watcher in FROM_OUTSIDE else output),
        }
        options = ["-m", worker.__name__, json.dumps(task)]
        command, variables = _command(pythons, watcher, output, options)
        said = _finish(command, variables, seconds + _SECONDS_TO_START)
        if not output.is_file():
            raise RunFailure(_reason(said))
        if watcher not in FROM_OUTSIDE:
            return read_observation(output)
        parse = parse_raw if watcher == PY_SPY else parse_collapsed
        # It was there from the process's start: the rest is the program being warmed up.
        return parse(output.read_text())._replace(others={})


def _command(
    pythons: Pythons, watcher: str, output: Path, options: list[str]
) -> tuple[list[str], dict[str, str]]:
    program = [str(pythons.ours), *options]
    if watcher == worker.UPSTREAM:
        return [str(pythons.upstream), *options], environments.variables()
    if watcher == PY_SPY:
        assert pythons.py_spy is not None
        program = py_spy_command(pythons.py_spy, output, program)
    elif watcher == TACHYON:
        program = tachyon_command(output, program)
    return program, pythons.variables


def _finish(command: list[str], variables: dict[str, str], limit_s: float) -> str:
    """What the command printed; its end is the caller's to judge by the file it should write."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=BENCHMARKS,  # where ``-m truth.worker`` is found
            env=variables,
            check=False,
            timeout=limit_s,
        )
    except subprocess.TimeoutExpired as error:
        raise RunFailure(f"did not end within {limit_s:.0f} s") from error
    if done.returncode < 0:
        raise RunFailure(f"ended by signal {-done.returncode}: {_reason(done.stdout)}")
    return done.stdout


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in lines:
        if line.startswith('{"skipped"'):
            return str(json.loads(line)["skipped"])
    return " | ".join(lines[-3:]) or "said nothing"
