"""What the command and the import add to a program's start, in milliseconds.

Every round runs each command once, in random order; a figure is the median over the rounds of
the differences to plain Python in the same round and the same environment. "plain again" against
plain shows the noise of the machine. Output goes to a pipe, reports to a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import environments
import options
import tables


class Case(NamedTuple):
    """A command, and the plain one that its time is compared with."""

    name: str
    command: list[str]
    plain: str


class CommandFailure(Exception):
    """A command that was to be timed did not end well."""


def main() -> int:
    """The command; returns its exit status."""
    arguments = _parse_arguments()
    found: dict[str, object] = {"machine": tables.machine()}
    for interpreter in environments.interpreters(arguments.python or []):
        pythons = {"": environments.ours(arguments.cache, interpreter, bodies=False)}
        if arguments.upstream:
            theirs = environments.upstream(arguments.cache, interpreter, bodies=False)
            pythons["upstream: "] = theirs
        with tempfile.TemporaryDirectory() as folder:
            cases = [case for prefix, python in pythons.items() for case in _cases(prefix, python)]
            rounds = _run(cases, folder, arguments)
        found[interpreter.version] = rounds
        print(
            f"## Start on {interpreter.version}\n\n{tables.machine()}; {arguments.repeat} rounds\n"
        )
        print(_as_markdown(cases, rounds), end="\n\n", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = options.new_parser(__doc__)
    options.add_repeat(parser, 40, "rounds")
    parser.add_argument("--seed", type=int, default=1, help="of the order (default: 1)")
    options.add_upstream(parser)
    return parser.parse_args()


def _cases(prefix: str, python: Path) -> list[Case]:
    """The commands, for a folder that has an ``empty.py``."""
    interpreter, profiler = str(python), str(python.parent / "pyinstrument")
    script, nothing = f"{prefix}plain", f"{prefix}plain, no script"
    return [
        Case(script, [interpreter, "empty.py"], script),
        Case(f"{prefix}plain again", [interpreter, "empty.py"], script),
        Case(f"{prefix}-o p.json", [profiler, "-o", "p.json", "empty.py"], script),
        Case(f"{prefix}text report", [profiler, "empty.py"], script),
        Case(f"{prefix}text report in colour", [profiler, "--color", "empty.py"], script),
        Case(nothing, [interpreter, "-c", "pass"], nothing),
        Case(f"{prefix}import pyinstrument", [interpreter, "-c", "import pyinstrument"], nothing),
    ]


def _run(cases: list[Case], folder: str, arguments: argparse.Namespace) -> dict[str, list[float]]:
    """Seconds by case, one a round; a round before them fills caches and is not counted."""
    Path(folder, "empty.py").write_text("")
    # Reports are kept in the user's folders: none of the real user's must be read or written.
    private = {name: folder for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    variables = {**environments.variables(), **private}
    order = random.Random(arguments.seed)
    seconds: dict[str, list[float]] = {case.name: [] for case in cases}
    for number in range(arguments.repeat + 1):
        environments.progress(f"round {number} of {arguments.repeat}")
        for case in order.sample(cases, len(cases)):
            took = _time(case, folder, variables)
            if number:
                seconds[case.name].append(took)
    environments.progress("")
    return seconds


def _time(case: Case, folder: str, variables: dict[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(case.command, cwd=folder, env=variables, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CommandFailure(f"{' '.join(case.command)} ended with {done.returncode}: {last}")
    return seconds


def _as_markdown(cases: list[Case], rounds: dict[str, list[float]]) -> str:
    rows = []
    for case in cases:
        times, plain = rounds[case.name], rounds[case.plain]
        difference = ""
        if case.name != case.plain:
            pairs = [1000 * (one - other) for one, other in zip(times, plain)]
            difference = f"{statistics.median(pairs):+.1f}"
        rows.append([case.name, f"{1000 * statistics.median(times):.1f}", difference])
    return tables.markdown(["command", "median, ms", "over plain, ms"], rows)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (environments.EnvironmentFailure, CommandFailure) as error:
        sys.exit(f"startup.py: {error}")
