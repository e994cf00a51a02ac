"""Runs one program under one watcher and writes what was seen; ``python -m truth.worker TASK``.

TASK is a JSON object: ``program``, ``watcher`` (an engine, ``upstream``, ``signals``, ``trace`` or
``none``), ``seconds``, ``interval_s``, ``clock``, ``output``. What could not be watched is said on
standard output.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from truth.driving import repeat_until
from truth.signals import SignalsWatcher
from truth.tracer import TraceWatcher
from truth.watchers import EngineWatcher, NoWatcher, UpstreamWatcher, Watcher

TRACE, NONE, UPSTREAM, SIGNALS = "trace", "none", "upstream", "signals"


def main() -> None:
    """Reads the task from the command line and runs it."""
    task = json.loads(sys.argv[1])
    try:
        program: Any = import_module(f"truth.programs.{task['program']}")
        watcher = _make(task["watcher"], task["interval_s"], task["clock"])
        run(program, watcher, task["seconds"], Path(task["output"]))
    except Exception as error:  # whatever it is, it is the reason to print
        print(json.dumps({"skipped": f"{type(error).__name__}: {error}"}), flush=True)


def run(program: Any, watcher: Watcher, seconds: float, output: Path) -> None:
    """Drives *program* for so long and writes the observation."""
    program.work(program.UNITS)  # caches, specialised bytecode
    watcher.start()
    rounds = repeat_until(program.work, program.UNITS, time.perf_counter() + seconds)
    watcher.stop().write(output)
    print(json.dumps({"rounds": rounds}), flush=True)


def _make(name: str, interval_s: float, clock: str) -> Watcher:
    if name == TRACE:
        return TraceWatcher()
    if name == NONE:
        return NoWatcher()
    if name == UPSTREAM:
        return UpstreamWatcher(interval_s)
    if name == SIGNALS:
        return SignalsWatcher()
    return EngineWatcher(name, interval_s, clock)


if __name__ == "__main__":
    main()
