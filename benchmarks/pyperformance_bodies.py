"""Bodies out of the installed ``pyperformance`` package, run without its runner.

Each benchmark there is a script that hands functions to ``pyperf.Runner``. A stand-in for the
``pyperf`` module takes them instead, so nothing of the scripts is repeated here.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import runpy
import sys
import time
import types
from pathlib import Path
from typing import Any, Callable

Repeatable = Callable[[int], object]
"""Runs a benchmark that many times."""

NAMES = (
    "deltablue",
    "richards",
    "go",
    "chaos",
    "raytrace",
    "regex_compile",
    "generators",
    "deepcopy",
    "logging",
    "django_template",
    "html5lib",
    "sympy",
    "json_dumps",
)

CHOSEN = {"logging": "logging_format", "sympy": "sympy_sum"}
"""Of the scripts that offer several benchmarks: the one that is taken, when not the first."""

REQUIREMENTS = ("django", "html5lib", "sympy")
"""What the scripts import; pyperformance itself is installed without its dependencies."""


def load(name: str) -> Repeatable:
    """The benchmark *name*, set up and ready to run. Raises ``ImportError`` where it cannot be."""
    script = _benchmarks_folder() / f"bm_{name}" / "run_benchmark.py"
    if not script.is_file():
        raise ImportError(f"pyperformance has no {script}")
    captured: dict[str, Repeatable] = {}
    argv, path = sys.argv, sys.path[:]
    real_pyperf = sys.modules.get("pyperf")
    sys.argv = [str(script)]
    sys.path.insert(0, str(script.parent))  # regex_compile imports its neighbours
    sys.modules["pyperf"] = _stand_in(captured)
    try:
        runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv, sys.path[:] = argv, path
        if real_pyperf is None:
            del sys.modules["pyperf"]
        else:
            sys.modules["pyperf"] = real_pyperf
        gc.enable()  # sympy's script switches it off, for every body after it
    return captured[CHOSEN.get(name, next(iter(captured)))]


def _benchmarks_folder() -> Path:
    spec = importlib.util.find_spec("pyperformance")
    if spec is None or spec.origin is None:
        raise ImportError("pyperformance is not installed")
    return Path(spec.origin).parent / "data-files" / "benchmarks"


def _stand_in(captured: dict[str, Repeatable]) -> types.ModuleType:
    """A module that looks like ``pyperf`` to the scripts and notes what they would run."""

    class Runner:
        def __init__(self, **_options: object) -> None:
            self.metadata: dict[str, object] = {}
            self.argparser = argparse.ArgumentParser()

        def parse_args(self, args: list[str] | None = None) -> argparse.Namespace:
            return self.argparser.parse_known_args(args or [])[0]

        def bench_func(self, name: str, func: Callable[..., Any], *args: object) -> None:
            def run(loops: int) -> None:
                for _ in range(loops):
                    func(*args)

            captured[name] = run

        def bench_time_func(
            self, name: str, func: Callable[..., Any], *args: object, **_options: object
        ) -> None:
            captured[name] = lambda loops: func(loops, *args)

    module = types.ModuleType("pyperf")
    setattr(module, "Runner", Runner)  # noqa: B010 - mypy knows no such attribute
    setattr(module, "perf_counter", time.perf_counter)  # noqa: B010
    return module
