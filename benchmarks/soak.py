"""Samples the programs of ``tests/support/hostile`` again and again, and watches the memory.

First many cycles of start and stop, then rounds of all programs for the given time. Each result is
compared with that of the same program unsampled, each recording is checked for wholeness. What the
process uses is written down as it goes, and of the second half a line is fitted through it: the use
is flat when the line rises by no more than its own uncertainty and an allowance that is printed.
Exit status 1 on growth or on a wrong result. ``--engine none`` shows how flat the programs are
without a sampler. Run it in an environment that has the tests' dependencies and this checkout.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from array import array
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Callable, NamedTuple, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import memory  # noqa: E402 - benchmarks/ is this script's own folder
import tables  # noqa: E402
from support import hostile  # noqa: E402
from support.whole import assert_whole  # noqa: E402

from pyinstrument_sampler import Sampler  # noqa: E402
from pyinstrument_sampler.engines.selection import ENGINE_NAMES  # noqa: E402

NO_ENGINE = "none"

LEFT_OUT = {
    "subinterpreters": "the interpreter itself loses memory with each",
    # Thirteen blocks a run, without a sampler.
    **({"under_cprofile": "so does cProfile of 3.13"} if sys.version_info >= (3, 13) else {}),
    # A kilobyte a run, without a sampler.
    **({"under_tracemalloc": "so does tracemalloc"} if sys.version_info < (3, 13) else {}),
}
"""Programs that are not flat without a sampler either."""

MiB = 1024 * 1024


class Use(NamedTuple):
    """What the process has of the machine."""

    resident: float
    """MiB."""
    blocks: float
    """``sys.getallocatedblocks()``."""
    descriptors: float
    threads: float


ALLOWED = Use(resident=1, blocks=500, descriptors=0.5, threads=0.5)
"""How much the second half may add: steps of the allocators, caches that fill late."""


class Series:
    """What was used, measured many times; in columns, so that keeping it allocates no blocks."""

    def __init__(self) -> None:
        self.columns = {name: array("d") for name in Use._fields}

    def __len__(self) -> int:
        return len(self.columns["blocks"])

    def add(self, use: Use) -> None:
        """Appends one measurement."""
        for name, value in use._asdict().items():
            self.columns[name].append(value)


class Trend(NamedTuple):
    """The line through the second half of a series."""

    growth: float
    """How much it rises from its begin to its end."""
    noise: float
    """Two standard errors of that."""


def main() -> int:
    """The command; returns its exit status."""
    arguments = _parse_arguments()
    print(f"Python {platform.python_version()}, engine {arguments.engine}, {tables.machine()}")
    faults: list[str] = []
    done, uses = _cycles(arguments.engine, arguments.cycles)
    faults += _verdict(f"{done:,} cycles of start and stop", uses)
    rounds, uses = _rounds(arguments.engine, arguments.interval, arguments.minutes, faults)
    faults += _verdict(f"{rounds:,} rounds of all programs", uses)
    for fault in faults[:20]:
        print(f"FAULT: {fault}")
    if not faults:
        print(f"{arguments.engine}: flat; every result right, every recording whole")
    else:
        print(f"{arguments.engine}: {len(faults)} faults")
    return 1 if faults else 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(NO_ENGINE, *ENGINE_NAMES), default="auto")
    parser.add_argument("--minutes", type=float, default=30, help="of rounds (default: 30)")
    parser.add_argument(
        "--cycles", type=int, default=100_000, help="of start and stop (default: 100000)"
    )
    parser.add_argument("--interval", type=float, default=1e-4, help="seconds (default: 0.0001)")
    arguments = parser.parse_args()
    if arguments.minutes < 0 or arguments.cycles < 0 or arguments.interval <= 0:
        parser.error("--minutes and --cycles must be at least 0, --interval above 0")
    return arguments


def _cycles(engine: str, count: int) -> tuple[int, Series]:
    """Starts and stops so often; what is used after each hundredth part of that."""
    uses = Series()
    for number in range(count):
        sampler = None if engine == NO_ENGINE else Sampler(0.001, engine=engine)
        if sampler is not None:
            sampler.start()
        sum(sorted(range(3), key=lambda value: -value))
        if sampler is not None:
            if number % 100 == 0:
                assert_whole(sampler.snapshot())
            sampler.stop()
        if number % max(1, count // 100) == 0:
            uses.add(_use())
            _progress(f"cycle {number:,}")
    return count, uses


def _rounds(engine: str, interval: float, minutes: float, faults: list[str]) -> tuple[int, Series]:
    """Runs all programs until the time is over; what is used after each round."""
    programs = _programs(engine)
    expected: dict[str, object] = {}
    for name, module in programs.items():  # no comprehension: on 3.11 it is one frame more
        expected[name] = _once(module, NO_ENGINE, interval)
    uses = Series()
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for name, module in programs.items():
            try:
                result = _once(module, engine, interval)
            except Exception as error:
                faults.append(f"round {len(uses)}, {name}: {error!r}")
                continue
            if result != expected[name]:
                faults.append(f"round {len(uses)}, {name}: {result!r}, not {expected[name]!r}")
        uses.add(_use())
        _progress(f"round {len(uses):,}")
    return len(uses), uses


def _programs(engine: str) -> dict[str, ModuleType]:
    programs = {}
    for name in hostile.PROGRAMS:
        reason = hostile.unavailable_reason(name) or LEFT_OUT.get(name)
        if name in hostile.ONCE_A_PROCESS:
            reason = "its tool cannot be started again and again"
        if engine == "reference" and name in hostile.MADE_FOR_COMPILED_ENGINES:
            reason = "a profile function in Python takes the program's last frames for itself"
        if reason is None:
            programs[name] = import_module(f"support.hostile.{name}")
        else:
            print(f"left out: {name}: {reason}")
    return programs


def _once(module: ModuleType, engine: str, interval: float) -> object:
    """Runs one program, with as many frames below it whether sampled or not."""
    sampler = None if engine == NO_ENGINE else Sampler(interval, engine=engine)
    run: Callable[[], object] = module.run
    if sampler is not None:
        sampler.start()
    try:
        return run()
    finally:
        if sampler is not None:
            assert_whole(sampler.stop())


def _use() -> Use:
    gc.collect()
    tasks = len(os.listdir("/proc/self/task"))
    for _ in range(1000):  # the system takes a moment to let go of a thread that was joined
        if tasks == 1:
            break
        time.sleep(0.001)
        tasks = len(os.listdir("/proc/self/task"))
    return Use(
        resident=memory.resident() / MiB,
        blocks=sys.getallocatedblocks(),
        descriptors=len(os.listdir("/proc/self/fd")),
        threads=tasks,
    )


def _verdict(title: str, uses: Series) -> list[str]:
    """Prints the series as a table; what of it grows."""
    if len(uses) < 8:
        print(f"\n{title}: too few for a verdict")
        return []
    faults: list[str] = []
    rows: list[list[str]] = []
    for name in Use._fields:
        series = uses.columns[name]
        allowed = float(getattr(ALLOWED, name))
        trend = _trend(series[len(series) // 2 :])
        is_flat = trend.growth - trend.noise <= allowed
        if not is_flat:
            faults.append(f"{title}: {name} grew by {trend.growth:.2f} ± {trend.noise:.2f}")
        quarters = [series[round(part / 4 * (len(series) - 1))] for part in range(5)]
        cells = [f"{value:,.1f}" if name == "resident" else f"{value:,.0f}" for value in quarters]
        growth = f"{trend.growth:+.2f} ± {trend.noise:.2f}"
        rows.append([name, *cells, growth, f"{allowed:g}", "flat" if is_flat else "GROWS"])
    header = ["", "begin", "1/4", "half", "3/4", "end", "second half", "allowed", ""]
    rows[0][0] = "resident, MiB"
    print(f"\n{title}\n\n{tables.markdown(header, rows)}\n", flush=True)
    return faults


def _trend(series: Sequence[float]) -> Trend:
    """Least squares; the error supposes that the deviations are independent."""
    count = len(series)
    middle, mean = (count - 1) / 2, sum(series) / count
    spread = sum((place - middle) ** 2 for place in range(count))
    slope = sum((place - middle) * value for place, value in enumerate(series)) / spread
    rest = sum((value - mean - slope * (place - middle)) ** 2 for place, value in enumerate(series))
    error = (rest / max(1, count - 2) / spread) ** 0.5
    return Trend(slope * (count - 1), 2 * error * (count - 1))


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}  ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
