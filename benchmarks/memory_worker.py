"""Samples a program of deep, changing stacks every 0.1 ms; prints how much the process grew.

Started by ``scale.py`` in a fresh process per measurement. Arguments: mode (``none``, an engine,
or ``upstream``) and seconds.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from importlib import import_module
from typing import Any, Callable

import memory

DEPTH = 44
"""Frames of a stack, from the module down to the leaf."""
LAYERS, WIDTH = 6, 3
"""The topmost calls go through this many layers of that many functions: 729 ways."""
INTERVAL_S = 0.0001

Walk = Callable[[int], None]


def main() -> None:
    """Runs the program under one mode."""
    mode, seconds = sys.argv[1], float(sys.argv[2])
    start, stop = _profiler(mode)
    first_layer = _layers()
    _run(first_layer, 0.2)  # what the program itself needs is there before the count begins
    gc.collect()
    before = memory.resident()
    start()
    _run(first_layer, seconds)
    after = memory.resident()
    print(json.dumps({"grown": after - before, **stop()}))


def _profiler(mode: str) -> tuple[Callable[[], Any], Callable[[], dict[str, int]]]:
    """How to start, and how to stop and count."""
    if mode == "none":
        return lambda: None, lambda: {"samples": 0, "rows": 0, "stacks": 0}
    if mode == "upstream":
        # By name: type checkers would take ours.
        profiler: Any = import_module("pyinstrument").Profiler(interval=INTERVAL_S)

        def stop_profiler() -> dict[str, int]:
            records = profiler.stop().frame_records
            stacks = len({tuple(record[0]) for record in records})
            return {"samples": len(records), "rows": len(records), "stacks": stacks}

        return profiler.start, stop_profiler
    from pyinstrument_sampler import Sampler

    sampler = Sampler(interval=INTERVAL_S, engine=mode)

    def stop_sampler() -> dict[str, int]:
        recording = sampler.stop()
        rows = recording.samples.stack
        samples = recording.facts.sample_count
        return {"samples": samples, "rows": len(rows), "stacks": len(set(rows))}

    return sampler.start, stop_sampler


def _layers() -> list[Walk]:
    """Functions of a layer each call one of the next layer, chosen by digits of a number; those
    of the last layer work for a few microseconds on several lines."""
    layer: list[Walk] = []
    for level in reversed(range(LAYERS)):
        made: list[Walk] = []
        for position in range(WIDTH):
            scope: dict[str, Any] = {"further": layer}
            name = f"layer_{level}_{position}"
            if layer:
                body = f"    further[way % {WIDTH}](way // {WIDTH})\n"
            else:
                body = "    total = sum(range(400))\n    total += len(repr(range(200)))\n" * 3
            exec(compile(f"def {name}(way):\n{body}", f"{name}.py", "exec"), scope)
            made.append(scope[name])
        layer = made
    return layer


def _run(first_layer: list[Walk], seconds: float) -> None:
    """Descends to where the layers begin, and walks through them until the time is over."""
    frame, depth = sys._getframe(), 1
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    _descend(DEPTH - LAYERS - depth - 1, first_layer, time.perf_counter() + seconds)


def _descend(levels: int, first_layer: list[Walk], end: float) -> None:
    if levels > 0:
        _descend(levels - 1, first_layer, end)
        return
    way = 1
    while time.perf_counter() < end:
        for _ in range(100):
            way = (way * 1_103_515_245 + 12_345) % 2**31  # no pattern that a timer could follow
            first_layer[way // 7 % WIDTH](way // 64)


if __name__ == "__main__":
    main()
