"""Runs bodies under modes, interleaved, in one process; prints a line of JSON per run.

Started by ``overhead.py`` with the interpreter of an environment that has what the modes need.
Its argument is a JSON object: ``bodies``, ``modes``, ``repeat``, ``seconds``, ``seed``.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from typing import Any

import bodies
from modes import ALL_THREADS, MODES, Taken


def main() -> None:
    """Reads the task from the command line and runs it."""
    task = json.loads(sys.argv[1])
    usable = [mode for mode in task["modes"] if _can_run(mode)]
    loaded = _load(task["bodies"], task["seconds"])
    order = random.Random(task["seed"])
    for repetition in range(task["repeat"]):
        for body in loaded:
            for mode in order.sample(usable, len(usable)):
                # Sampling all threads is of interest where there are several.
                if mode.endswith(ALL_THREADS) and body.name not in bodies.GROUPS["threads"]:
                    continue
                seconds, taken = _measure(body, mode)
                _tell(
                    body=body.name,
                    mode=mode,
                    repetition=repetition,
                    seconds=seconds,
                    samples=taken.samples,
                    own_cpu_s=taken.own_cpu_s,
                )


def _can_run(mode: str) -> bool:
    try:
        trial = MODES[mode]()
        trial.start()
        trial.stop()
    except Exception as error:  # whatever it is, it is the reason to print
        _tell(skipped=mode, reason=f"{type(error).__name__}: {error}")
        return False
    return True


def _load(names: list[str], seconds: float) -> list[bodies.Body]:
    loaded = []
    for name in names:
        try:
            loaded.append(bodies.load(name, seconds))
        except Exception as error:  # a body that this interpreter cannot run is left out
            _tell(skipped=name, reason=f"{type(error).__name__}: {error}")
    return loaded


def _measure(body: bodies.Body, mode: str) -> tuple[float, Taken]:
    """Seconds that the body alone took: starting and stopping the profiler is not in it."""
    profiler = MODES[mode]()
    run, loops = body.run, body.loops
    gc.collect()
    profiler.start()
    try:
        start = time.perf_counter()
        run(loops)
        seconds = time.perf_counter() - start
    finally:
        taken = profiler.stop()
    return seconds, taken


def _tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
