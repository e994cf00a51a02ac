"""The command: runs programs under watchers, interleaved, and prints one table an interpreter."""

from __future__ import annotations

import argparse
import json
import random
from typing import Sequence

import environments
import options
import tables

from pyinstrument_sampler.engines.selection import AUTO, ENGINE_NAMES
from truth import worker
from truth.about import PROGRAMS, program_names, read_about
from truth.judging import ProgramResult, judge
from truth.observation import Observation
from truth.report import as_markdown
from truth.running import REFERENCES, Pythons, RunFailure, in_place, installed, run

ENGINES = tuple(name for name in ENGINE_NAMES if name != AUTO)
OTHERS = (worker.UPSTREAM, *REFERENCES)
INTERVAL_S = 0.0001
SECONDS_TO_TRY = 0.2
"""Long enough for one look."""


def main() -> int:
    """The command; returns 1 if one of our engines told of a stack that cannot have happened."""
    arguments = _parse_arguments()
    report = []
    for interpreter in environments.interpreters(arguments.python or []):
        references = [name for name in REFERENCES if name in arguments.beside]
        references = [name for name in references if _can_read(name, interpreter.version)]
        others = [name for name in arguments.beside if name not in REFERENCES]
        watchers = [*arguments.engines, *others, *references]
        make = in_place if arguments.in_place else installed
        pythons = make(arguments.cache, interpreter, watchers)
        left_out: list[str] = []
        reference = first_that_runs(pythons, references, left_out)
        results = [
            result
            for name in arguments.programs
            for result in [_measure(pythons, name, watchers, reference, arguments, left_out)]
            if result is not None
        ]
        environments.progress("")
        columns = [name for name in watchers if any(name in one.judgements for one in results)]
        settings = f"{arguments.seconds:g} s a run, interval {1e6 * arguments.interval:g} µs"
        settings += ", weighed by CPU time" if arguments.clock == "cpu" else ""
        table = as_markdown(interpreter.version, settings, results, columns, reference, left_out)
        print(table, flush=True)
        report.append(
            {
                "interpreter": interpreter.version,
                "reference": reference,
                "left_out": left_out,
                "programs": [_as_json(one) for one in results],
            }
        )
        lies = [one for one in results if _has_impossible(one, arguments.engines)]
        arguments.failed |= bool(lies)
    if arguments.json:
        content = {"machine": tables.machine(), "results": report}
        arguments.json.write_text(json.dumps(content, indent=1))
    return 1 if arguments.failed else 0


def first_that_runs(pythons: Pythons, references: Sequence[str], left_out: list[str]) -> str | None:
    """Whom all others are judged by: one for all programs, so that a table's rows compare."""
    for reference in references:
        environments.progress(f"is there {reference}?".ljust(60))
        try:
            run(pythons, program_names()[0], reference, SECONDS_TO_TRY, INTERVAL_S)
        except RunFailure as failure:
            left_out.append(f"{reference}: {failure}")
        else:
            return reference
    return None


def _measure(
    pythons: Pythons,
    name: str,
    watchers: Sequence[str],
    reference: str | None,
    arguments: argparse.Namespace,
    left_out: list[str],
) -> ProgramResult | None:
    """Every watcher once, the *reference* twice, in random order."""
    about = read_about(PROGRAMS / f"{name}.py")
    try:
        trace = run(pythons, name, worker.TRACE, arguments.trace_seconds, arguments.interval)
    except RunFailure as failure:
        left_out.append(f"{name}: {failure}")
        return None
    plan = [*watchers, *([reference] if reference else [])]
    random.Random(f"{arguments.seed} {name}").shuffle(plan)
    observations: dict[str, Observation] = {}
    references: list[Observation] = []
    for watcher in plan:
        environments.progress(f"{name}, {watcher}".ljust(60))
        try:
            seen = run(
                pythons, name, watcher, arguments.seconds, arguments.interval, arguments.clock
            )
        except RunFailure as failure:
            reason = f"{watcher}: {failure}"
            if reason not in left_out:
                left_out.append(reason)
            continue
        observations[watcher] = seen
        if watcher == reference:
            references.append(seen)
    return judge(about, trace, references, observations)


def _can_read(reference: str, version: str) -> bool:
    first, last = REFERENCES[reference]
    number = version.split()[-1].split(".")
    return first <= (int(number[0]), int(number[1])) <= last


def _has_impossible(result: ProgramResult, engines: Sequence[str]) -> bool:
    return any(result.judgements[name].impossible for name in engines if name in result.judgements)


def _parse_arguments() -> argparse.Namespace:
    parser = options.new_parser(__doc__, prog="truth")
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="sample with what PYTHONPATH and this checkout hold, built in place; install nothing",
    )
    parser.add_argument("--programs", default="all", help=_choices(program_names()))
    parser.add_argument("--engines", default="all", help=_choices(ENGINES))
    parser.add_argument("--beside", default="all", help=_choices(OTHERS) + ", or '' for none")
    parser.add_argument("--seconds", type=float, default=5, help="a run (default: 5)")
    parser.add_argument(
        "--trace-seconds", type=float, default=2, help="of the exact trace (default: 2)"
    )
    parser.add_argument(
        "--interval", type=float, default=INTERVAL_S, help="seconds (default: 0.0001)"
    )
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="what our engines' samples weigh (default: wall; cpu: for programs that only compute, "
        "on a machine that does other work too)",
    )
    parser.add_argument("--quick", action="store_true", help="one second a run")
    parser.add_argument("--seed", type=int, default=1, help="of the order (default: 1)")
    arguments = parser.parse_args()
    arguments.programs = options.chosen(parser, arguments.programs, program_names())
    arguments.engines = options.chosen(parser, arguments.engines, ENGINES)
    arguments.beside = options.chosen(parser, arguments.beside, OTHERS)
    if arguments.quick:
        arguments.seconds = arguments.trace_seconds = 1.0
    if arguments.seconds <= 0 or arguments.interval <= 0:
        parser.error("--seconds and --interval must be above 0")
    arguments.failed = False
    return arguments


def _choices(names: Sequence[str]) -> str:
    return f"comma-separated, of: {', '.join(names)} (default: all)"


def _as_json(result: ProgramResult) -> dict[str, object]:
    return {
        "program": result.about.name,
        "bound": result.bound,
        "floor": result.floor,
        "watchers": {
            watcher: {
                "samples": judgement.samples,
                "impossible": [str(one) for one in judgement.impossible],
                "excess": judgement.excess,
                "known": judgement.known,
                "notes": judgement.notes,
            }
            for watcher, judgement in result.judgements.items()
        },
    }
