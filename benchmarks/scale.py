"""What large sessions cost: time, memory and size by renderer, and memory a sample while sampling.

Sessions are made up from a seed (``made_up_sessions.py``), saved, and opened again: every figure
is from a fresh process, the median of ``--repeat`` of them.

- load: opening the session file; render: choosing the renderer and rendering once, its imports
  included; output: bytes of the result.
- peak: most resident memory of the process that loaded and rendered, less that of a process which
  imported the model and read the file's bytes. So it holds the session, the tree and the output.

Memory a sample is the growth of resident memory of a program 44 frames deep, with hundreds of
distinct stacks, sampled every 0.1 ms by each compiled engine, less the growth without a sampler:
"all" divides a run's growth by its samples, "each further" compares runs of one and two lengths.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import environments
import options
import tables
import workers

CASES = ("typical", "adversarial", "million", "deep")
ENGINES = ("safepoint", "monitoring", "setprofile")
UPSTREAM_RENDERERS = ("text", "json", "html", "session")
HERE = Path(__file__).resolve().parent
MEBIBYTE = 2**20


def main() -> int:
    """The command; returns its exit status."""
    arguments = _parse_arguments()
    found: dict[str, Any] = {"machine": tables.machine()}
    for interpreter in environments.interpreters(arguments.python or []):
        print(f"## Scale on {interpreter.version}\n\n{tables.machine()}\n")
        figures = found.setdefault(interpreter.version, {})
        python = environments.ours(arguments.cache, interpreter, bodies=False)
        if "sessions" in arguments.parts:
            figures["sessions"] = _measure_sessions(python, arguments)
        if "memory" in arguments.parts:
            figures["memory"] = _measure_memory({mode: python for mode in ENGINES}, arguments)
        if arguments.upstream:
            theirs = environments.upstream(arguments.cache, interpreter, bodies=False)
            figures["upstream"] = _measure_upstream(theirs, arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = options.new_parser(__doc__)
    parser.add_argument("--cases", default=",".join(CASES), help="of: %(default)s")
    parser.add_argument("--renderers", default="", help="names (default: all of the registry)")
    parser.add_argument("--parts", default="sessions,memory", help="of: %(default)s")
    options.add_repeat(parser, 3, "processes a figure")
    parser.add_argument(
        "--seconds", type=float, default=5, help="length of the shorter sampled run (default: 5)"
    )
    options.add_upstream(parser)
    parser.add_argument(
        "--upstream-samples",
        type=int,
        default=10_000,
        help="of its typical session; 100000 take minutes and 5 GB (default: 10000)",
    )
    arguments = parser.parse_args()
    arguments.cases = options.chosen(parser, arguments.cases, CASES)
    arguments.parts = options.chosen(parser, arguments.parts, ("sessions", "memory"))
    if arguments.seconds <= 0:
        parser.error("--seconds must be above 0")
    return arguments


def _measure_sessions(python: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    def worker(action: str, **more: str) -> dict[str, Any]:
        return _run(python, "session_worker.py", json.dumps({"action": action, **more}))

    names = arguments.renderers.split(",") if arguments.renderers else worker("renderers")["names"]
    sizes, rows, figures = [], [], {}
    with tempfile.TemporaryDirectory() as folder:
        for case in arguments.cases:
            file = str(Path(folder, f"{case}.pyisession"))
            written = worker("write", case=case, file=file)
            sizes.append(
                [
                    case,
                    *(f"{written[key]:,}" for key in ("samples", "stacks", "rows")),
                    f"{written['bytes'] / 1e6:.2f}",
                    f"{written['seconds']:.2f}",
                ]
            )
            base = worker("baseline", file=file)["peak"]
            figures[case] = {"written": written, "renderers": {}}
            for name in names:
                measured = workers.median_of(
                    partial(worker, "render", file=file, renderer=name),
                    arguments.repeat,
                )
                figures[case]["renderers"][name] = {**measured, "grown": measured["peak"] - base}
                rows.append(
                    [
                        f"{case}, {name}",
                        f"{measured['load']:.2f}",
                        f"{measured['render']:.2f}",
                        f"{(measured['peak'] - base) / MEBIBYTE:.0f}",
                        f"{measured['bytes'] / 1e6:.3f}",
                    ]
                )
    header = ["session", "samples", "distinct stacks", "stack rows", "file, MB", "save, s"]
    print(tables.markdown(header, sizes), end="\n\n")
    header = ["session, renderer", "load, s", "render, s", "peak, MiB", "output, MB"]
    print(tables.markdown(header, rows), end="\n\n", flush=True)
    return figures


def _measure_memory(modes: dict[str, Path], arguments: argparse.Namespace) -> dict[str, Any]:
    rows, figures = [], {}
    for mode, python in modes.items():

        def grown(mode: str, seconds: float, python: Path = python) -> dict[str, float]:
            run = [mode, str(seconds)]
            return workers.median_of(
                partial(_run, python, "memory_worker.py", *run), arguments.repeat
            )

        try:
            once, twice = (grown(mode, arguments.seconds * times) for times in (1, 2))
        except workers.WorkerFailure as error:
            print(f"- left out: {mode}: {error}")
            continue
        plain = grown("none", arguments.seconds * 2)["grown"]
        further = (twice["grown"] - once["grown"]) / (twice["samples"] - once["samples"])
        every = (twice["grown"] - plain) / twice["samples"]
        figures[mode] = {"once": once, "twice": twice, "plain": plain}
        counts = [f"{twice[key]:,.0f}" for key in ("samples", "rows", "stacks")]
        rows.append([mode, *counts, f"{every:.0f}", f"{further:.0f}"])
    header = ["memory a sample", "samples", "rows", "distinct stacks", "all, B", "each further, B"]
    print(tables.markdown(header, rows), end="\n\n", flush=True)
    return figures


def _measure_upstream(python: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    sampler = str(environments.ROOT / "packages" / "sampler" / "src")
    if "sessions" in arguments.parts:
        rows = []
        for name in UPSTREAM_RENDERERS:
            task = {"samples": arguments.upstream_samples, "renderer": name, "sampler": sampler}
            measured = _run(python, "upstream_session_worker.py", json.dumps(task))
            figures[name] = measured
            rows.append(
                [
                    f"{environments.UPSTREAM}, {name}",
                    f"{measured['render']:.2f}",
                    f"{measured['grown'] / MEBIBYTE:.0f}",
                    f"{measured['bytes'] / 1e6:.3f}",
                ]
            )
        print(f"Upstream, typical session of {arguments.upstream_samples:,} samples:\n")
        header = ["renderer", "render, s", "peak, MiB", "output, MB"]
        print(tables.markdown(header, rows), end="\n\n", flush=True)
    if "memory" in arguments.parts:
        figures["memory"] = _measure_memory({"upstream": python}, arguments)
    return figures


def _run(python: Path, script: str, *arguments: str) -> dict[str, Any]:
    return workers.run([str(python), str(HERE / script), *arguments])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (environments.EnvironmentFailure, workers.WorkerFailure) as error:
        sys.exit(f"scale.py: {error}")
