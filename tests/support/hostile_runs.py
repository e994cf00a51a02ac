"""Runs a program in a process of its own, sampled or not, and tells everything that can be seen of
it from outside. As a script it is that process: ENGINE, INTERVAL, THREADS, PROGRAM, RECORDING.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from pyinstrument_sampler import Sampler

from .whole import assert_whole

NO_ENGINE = "none"
TIMEOUT_S = 120


class Outcome(NamedTuple):
    """What a program did."""

    status: int
    output: str
    errors: str
    """Without the addresses of objects."""


class Sampled(NamedTuple):
    """What a program did with a sampler running, and whether that recorded it."""

    outcome: Outcome
    recording: str
    """``"whole"``, what is wrong with it, or ``""`` where the program ended without."""


def run_plain(program: Path, *options: str) -> Outcome:
    """Runs *program* as it would be run for :func:`run_sampled`, without sampling."""
    return _run(NO_ENGINE, 1, "current", program, Path(os.devnull), options)


def run_sampled(
    engine: str,
    program: Path,
    folder: Path,
    *options: str,
    interval: float = 1e-4,
    threads: str = "current",
) -> Sampled:
    """Runs *program* while *engine* samples it; *folder* is for what has to be handed over."""
    told = folder / "recording.txt"
    outcome = _run(engine, interval, threads, program, told, options)
    return Sampled(outcome, told.read_text() if told.is_file() else "")


def _run(
    engine: str,
    interval: float,
    threads: str,
    program: Path,
    told: Path,
    options: tuple[str, ...],
) -> Outcome:
    run = subprocess.run(
        [sys.executable, *options, "-m", __name__, engine, str(interval), threads, program, told],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    return Outcome(run.returncode, run.stdout, re.sub("0x[0-9a-f]+", "0x", run.stderr))


class Sampling:
    """Samples what is done within it, and writes down whether the recording is whole."""

    def __init__(self, engine: str, interval: float, threads: str, told: str) -> None:
        self._told = told
        self._pid = os.getpid()
        self._sampler = None
        if engine != NO_ENGINE:
            self._sampler = Sampler(interval, engine=engine, threads=threads)

    def __enter__(self) -> None:
        if self._sampler is not None:
            self._sampler.start()

    def __exit__(self, *_: object) -> None:
        if self._sampler is None:
            return
        text = "whole"
        try:
            assert_whole(self._sampler.stop())
        except Exception as error:
            text = repr(error)
        if os.getpid() == self._pid:
            Path(self._told).write_text(text)
        elif text != "whole":
            raise AssertionError(f"in a child: {text}")


def main() -> None:
    """Runs the program as ``__main__``, so that child processes find it there."""
    engine, interval, threads, program, told = sys.argv[1:]
    sys.argv[:] = [program]
    module = ModuleType("__main__")
    module.__file__ = program
    sys.modules["__main__"] = module
    code = compile(Path(program).read_bytes(), program, "exec", dont_inherit=True)
    with Sampling(engine, float(interval), threads, told):
        exec(code, module.__dict__)


if __name__ == "__main__":
    main()
