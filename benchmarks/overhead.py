"""How much slower programs run under profilers: time with one / time without, by body.

Every repetition runs each body under every mode in random order, in one process, and divides by
that repetition's run without a profiler; the table shows the median of these ratios. The released
pyinstrument has the same import name as ours, so it runs in an environment and a process of its
own, beside runs without a profiler of that process. The time is the body's alone: starting and
stopping a profiler is not in it. "none again" against "none" shows the noise of the machine, and
"only waking", a process beside it that sleeps for an interval again and again, what no profiler of
this kind can be without.
Modes " on all threads" run where the body has threads. "Own CPU" is what our sampler says that it
used itself; below the table stands what it costs here to wake as often and do nothing.

Bodies of half a second are long beside what a sampler does when it starts; ``--body-ms 60`` shows
that.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, Sequence

import environments
import options
import tables
from bodies import ALL_NAMES, GROUPS, OF_ONE_THREAD
from modes import ALL_THREADS, ENGINES, MODES, is_ours

DEFAULT_MODES = (
    "none again",
    "only waking",
    *(engine for engine in ENGINES if engine != "reference"),
    *(engine + ALL_THREADS for engine in ENGINES if engine != "reference"),
    "upstream",
    "cProfile",
    "py-spy",
)


class Run(NamedTuple):
    """One body under one mode, once."""

    body: str
    mode: str
    repetition: int
    seconds: float
    samples: int | None
    own_cpu_s: float | None


class Result(NamedTuple):
    """Everything measured with one interpreter."""

    interpreter: str
    runs: dict[str, list[Run]]
    """By process: the keys are ``ours`` and ``upstream``."""
    skipped: list[tuple[str, str]]
    """Modes and bodies left out, with the reason."""
    died: list[str]
    """What a process that did not come to its end ended with: its figures are incomplete."""


def main() -> int:
    """The command; returns its exit status."""
    arguments = _parse_arguments()
    report = []
    for interpreter in environments.interpreters(arguments.python or []):
        result = _measure(interpreter, arguments)
        report.append(result)
        print(_as_markdown(result, arguments), flush=True)
    if arguments.json:
        content = {"machine": tables.machine(), "results": [_as_json(one) for one in report]}
        arguments.json.write_text(json.dumps(content, indent=1))
    return 1 if any(result.died for result in report) else 0


def _parse_arguments() -> argparse.Namespace:
    parser = options.new_parser(__doc__)
    names = ", ".join(ALL_NAMES)
    parser.add_argument(
        "--bodies",
        default="all",
        help=f"comma-separated; groups ({', '.join(GROUPS)}) or single ones: {names}",
    )
    parser.add_argument(
        "--modes",
        default=",".join(DEFAULT_MODES),
        help=f"comma-separated, of: {', '.join(MODES)} (default: %(default)s)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="one short repetition: shows that it works, no figures"
    )
    options.add_repeat(parser, 5, "repetitions")
    parser.add_argument(
        "--body-ms", type=float, default=500, help="how long a body takes, at least (default: 500)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the order (default: 1)")
    arguments = parser.parse_args()
    arguments.modes = options.chosen(parser, arguments.modes, tuple(MODES))
    arguments.bodies = options.chosen(parser, arguments.bodies, ALL_NAMES, GROUPS)
    if arguments.quick:
        arguments.repeat, arguments.body_ms = 1, 5
    if arguments.body_ms <= 0:
        parser.error("--body-ms must be above 0")
    return arguments


def _measure(interpreter: environments.Interpreter, arguments: argparse.Namespace) -> Result:
    result = Result(interpreter.version, {}, [], [])
    wanted = arguments.modes
    own = [mode for mode in wanted if mode not in ("none", "upstream")]
    if any(map(is_ours, own)):
        python = environments.ours(arguments.cache, interpreter)
    else:
        python = environments.bare(arguments.cache, interpreter)
    _run_worker(result, "ours", python, ["none", *own], arguments)
    if "upstream" in wanted:
        python = environments.upstream(arguments.cache, interpreter)
        _run_worker(result, "upstream", python, ["none", "upstream"], arguments)
    return result


def _run_worker(
    result: Result, process: str, python: Path, modes: list[str], arguments: argparse.Namespace
) -> None:
    task = {
        "bodies": arguments.bodies,
        "modes": modes,
        "repeat": arguments.repeat,
        "seconds": arguments.body_ms / 1000,
        "seed": random.Random(f"{arguments.seed} {process}").getrandbits(32),
    }
    script = Path(__file__).with_name("overhead_worker.py")
    runs = result.runs.setdefault(process, [])
    with subprocess.Popen(
        [str(python), "-W", "ignore", str(script), json.dumps(task)],
        stdout=subprocess.PIPE,
        env=environments.variables(),
        text=True,
    ) as worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            told = json.loads(line)
            if "skipped" in told:
                reason = (told["skipped"], told["reason"])
                if reason not in result.skipped:
                    result.skipped.append(reason)
                continue
            runs.append(Run(**told))
            environments.progress(f"{result.interpreter}, {process}: {len(runs)} runs")
    environments.progress("")
    if worker.returncode != 0:
        result.died.append(f"the process of {', '.join(modes)} ended with {worker.returncode}")


def _ratios(runs: Sequence[Run]) -> dict[tuple[str, str], float]:
    """Median of the paired ratios to ``none``, by (mode, body)."""
    plain = {(run.body, run.repetition): run.seconds for run in runs if run.mode == "none"}
    found: dict[tuple[str, str], list[float]] = {}
    for run in runs:
        beside = plain.get((run.body, run.repetition))
        if run.mode != "none" and beside is not None:
            found.setdefault((run.mode, run.body), []).append(run.seconds / beside)
    return {key: statistics.median(values) for key, values in found.items()}


def _as_markdown(result: Result, arguments: argparse.Namespace) -> str:
    everything = [run for runs in result.runs.values() for run in runs]
    ratios = {key: value for runs in result.runs.values() for key, value in _ratios(runs).items()}
    modes = [mode for mode in arguments.modes if any(key[0] == mode for key in ratios)]

    def cells(values: dict[str, float]) -> list[str]:
        return [f"{values[mode]:.3f}" if mode in values else "" for mode in modes]

    def averages(title: str, names: Sequence[str]) -> list[list[str]]:
        of_mode = {
            mode: [ratios[mode, name] for name in names if (mode, name) in ratios] for mode in modes
        }
        measured = {mode: values for mode, values in of_mode.items() if values}
        mean = {mode: tables.geometric_mean(values) for mode, values in measured.items()}
        worst = {mode: max(values) for mode, values in measured.items()}
        return [
            [f"**{title}: geometric mean**", "", *cells(mean)],
            [f"**{title}: worst**", "", *cells(worst)],
        ]

    rows: list[list[str]] = []
    for group, names in GROUPS.items():
        present = [name for name in names if any(key[1] == name for key in ratios)]
        for name in present:
            milliseconds = 1000 * statistics.median(
                run.seconds for run in everything if run.body == name and run.mode == "none"
            )
            values = {mode: ratios[mode, name] for mode in modes if (mode, name) in ratios}
            rows.append([name, f"{milliseconds:.0f}", *cells(values)])
        if len(present) > 1:
            rows += averages(group, present)
    rows += averages("all but threads", OF_ONE_THREAD)
    rows.append(["samples per second, median", "", *(_rate(everything, mode) for mode in modes)])
    for name in GROUPS["deep"]:
        shares = [_own_cpu(everything, mode, name) for mode in modes]
        rows.append([f"own CPU in {name}, % of a core", "", *shares])
    lines = [
        f"## Overhead on {result.interpreter}",
        "",
        f"{tables.machine()}; 1 ms interval; {arguments.repeat} repetitions; bodies of "
        f'{arguments.body_ms:.0f} ms and more; "upstream" is {environments.UPSTREAM}.',
        "",
        tables.markdown(["time with / time without", "none, ms", *modes], rows),
        "",
        f"A thread that only wakes once a millisecond takes {_share_of_waking():.2f} % of a core.",
        "",
        *(f"- left out: {name}: {reason}" for name, reason in result.skipped),
        *(f"- incomplete: {what}" for what in result.died),
    ]
    return "\n".join(lines)


def _rate(runs: Sequence[Run], mode: str) -> str:
    """Samples per second of body: a profiler that does not sample costs nothing."""
    rates = [run.samples / run.seconds for run in runs if run.mode == mode and run.samples]
    return f"{statistics.median(rates):.0f}" if rates else ""


def _own_cpu(runs: Sequence[Run], mode: str, body: str) -> str:
    """What the profiler says that it took itself, of the time that the body ran."""
    shares = [
        100 * run.own_cpu_s / run.seconds
        for run in runs
        if run.mode == mode and run.body == body and run.own_cpu_s is not None
    ]
    return f"{statistics.median(shares):.2f}" if shares else ""


def _share_of_waking(seconds: float = 2.0) -> float:
    """CPU time of a loop that only sleeps for an interval, in percent: no sampler can take less."""
    start, cpu = time.perf_counter(), time.thread_time()
    while time.perf_counter() - start < seconds:
        time.sleep(0.001)
    return 100 * (time.thread_time() - cpu) / (time.perf_counter() - start)


def _as_json(result: Result) -> dict[str, object]:
    return {
        "interpreter": result.interpreter,
        "skipped": result.skipped,
        "died": result.died,
        "runs": {process: [run._asdict() for run in runs] for process, runs in result.runs.items()},
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except environments.EnvironmentFailure as error:
        sys.exit(f"overhead.py: {error}")
