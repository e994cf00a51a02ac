"""The reference of the truth harness that looks from within a signal handler."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from support.sampling import run_python

pytestmark = pytest.mark.skipif(
    sys.implementation.name != "cpython"
    or not (3, 11) <= sys.version_info[:2] <= (3, 15)
    or sys.platform != "linux"
    or bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    or not shutil.which("gcc")
    or not Path(sysconfig.get_path("include"), "internal").is_dir(),
    reason="needs CPython 3.11 to 3.15 with its headers, Linux and gcc",
)

BENCHMARKS = str(Path(__file__).parents[2] / "benchmarks")


def test_each_signal_is_one_look_at_the_stack_that_it_interrupts() -> None:
    program = f"""
        import signal, sys
        sys.path.insert(0, {BENCHMARKS!r})
        from truth.driving import repeat_until
        from truth.signals import SignalsWatcher

        look = signal.SIGRTMIN + 5

        def leaf(n):
            for _ in range(n):
                signal.raise_signal(look)

        def generator(n):
            leaf(n)
            yield

        def work(units):
            leaf(1)
            list(generator(units))

        watcher = SignalsWatcher(interval_s=1000)
        watcher.start()
        repeat_until(work, 2, 0)
        seen = watcher.stop()
        for stack, weight in seen.stacks.items():
            print(" > ".join(place.function for place in stack), weight)
        print(sorted(seen.lines.values()), seen.samples, seen.notes)
        """
    assert run_python(program, "signals").splitlines() == [
        "work > leaf 1",
        "work > generator > leaf 2",
        "[1, 2, 2, 3] 3 ()",
    ]
