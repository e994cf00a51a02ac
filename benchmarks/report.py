"""What HTML reports cost: to make, to carry, to open, to use. Prints one table.

Sessions are made up from a seed (``made_up_sessions.py``), saved, and opened again; every figure
is from a fresh process, the median of ``--repeat`` of them. Of what happens in the browser it is
the least: other programs of the machine can only add to it, and often do.

- page: the file; render: choosing the renderer and rendering once, its imports included; peak: most
  resident memory of that process, less that of one which imported the model and read the session's
  bytes.
- first view: from the start of the navigation in Chromium until the first view is painted.
- slowest use: of changing to each view, and in each: searching, CPU time, the threshold, one
  thread, a time range, going through it by keys and, on a canvas, by hand; of dragging over the
  overview. From the event until its result is painted and no long task goes on; and, which other
  programs on the machine change less, the CPU time of the page's main thread until then and a
  moment after. ``report_page.mjs`` does them.

Chromium is CHROMIUM, else ``chromium`` on PATH; ``npm ci`` in ``frontend/`` must have been run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import environments
import options
import tables
import workers

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CASES = ("empty", "typical", "adversarial", "eight threads", "deep")
HERE = Path(__file__).resolve().parent
MEBIBYTE = 2**20


def main() -> int:
    """The command; returns its exit status."""
    arguments = _parse_arguments()
    (interpreter,) = environments.interpreters(arguments.python or [])
    python = environments.ours(arguments.cache, interpreter, bodies=False)
    print(f"## HTML reports on {interpreter.version}\n\n{tables.machine()}\n", flush=True)
    found: dict[str, Any] = {"machine": tables.machine(), "python": interpreter.version}
    with tempfile.TemporaryDirectory() as folder:
        for case in arguments.cases:
            environments.progress(case)
            found[case] = _measure(python, case, Path(folder), arguments.repeat)
    environments.progress("")
    print(_table({case: found[case] for case in arguments.cases}), end="\n\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = options.new_parser(__doc__)
    parser.add_argument("--cases", default=",".join(CASES), help="of: %(default)s")
    options.add_repeat(parser, 3, "processes a figure")
    arguments = parser.parse_args()
    arguments.cases = options.chosen(parser, arguments.cases, CASES)
    if arguments.python and len(arguments.python) > 1:
        parser.error("--python: reports are made with one interpreter, and opened in a browser")
    return arguments


def _measure(python: Path, case: str, folder: Path, repeat: int) -> dict[str, Any]:
    def worker(action: str, **more: str) -> dict[str, Any]:
        task = json.dumps({"action": action, **more})
        return workers.run([str(python), str(HERE / "session_worker.py"), task])

    file, page = str(folder / "made-up.pyisession"), str(folder / "made-up.html")
    written = worker("write", case=case, file=file)
    base = worker("baseline", file=file)["peak"]
    made = workers.median_of(
        partial(worker, "render", file=file, renderer="html", target=page), repeat
    )
    opening = ["node", str(HERE / "report_page.mjs"), _chromium(), page, str(written["length"])]
    opened = [workers.run(opening) for _ in range(repeat)]
    uses = {
        name: [min(run["uses"][name][place] for run in opened) for place in (0, 1)]
        for name in opened[0]["uses"]
    }
    return {
        "samples": written["samples"],
        "bytes": made["bytes"],
        "render": made["render"],
        "grown": made["peak"] - base,
        "first view": min(run["firstView"] for run in opened),
        "uses": uses,
    }


def _table(found: dict[str, dict[str, Any]]) -> str:
    rows = []
    for case, figures in found.items():
        uses = figures["uses"]
        slowest = max(uses, key=uses.__getitem__)
        rows.append(
            [
                case,
                f"{figures['samples']:,}",
                f"{figures['bytes'] / 1e6:.3f}",
                f"{figures['render']:.2f}",
                f"{figures['grown'] / MEBIBYTE:.0f}",
                f"{figures['first view'] / 1000:.2f}",
                f"{uses[slowest][0]:.0f}",
                slowest,
                f"{max(cpu for _, cpu in uses.values()):.0f}",
            ]
        )
    header = ["session", "samples", "page, MB", "render, s", "peak, MiB", "first view, s"]
    return tables.markdown([*header, "slowest use, ms", "which", "most CPU, ms"], rows)


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        names = " or ".join(BROWSERS)
        raise workers.WorkerFailure(f"there is no {names} on PATH, and no path of one in CHROMIUM")
    return found


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (environments.EnvironmentFailure, workers.WorkerFailure) as error:
        sys.exit(f"report.py: {error}")
