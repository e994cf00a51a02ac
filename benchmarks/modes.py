"""The ways to run a body: under no profiler, one of ours, or somebody else's.

A mode is an object rather than a generator-based context manager: our sampler looks at the frame
that starts it, and a generator there would be taken for the profiled coroutine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, NamedTuple, Protocol

INTERVAL_S = 0.001


class Taken(NamedTuple):
    """What a profiler says of itself; None where it does not."""

    samples: int | None = None
    own_cpu_s: float | None = None
    """CPU time that it used itself."""


class Mode(Protocol):
    """A profiler around a body."""

    def start(self) -> None:
        """Begins profiling; whatever it raises is the reason to leave the mode out."""

    def stop(self) -> Taken:
        """Ends profiling."""


class NoProfiler:
    """The body alone."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> Taken:
        """Nothing to count."""
        return Taken()


class WakingMode:
    """No profiler, but another process that wakes as often: what any of them costs at least."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process, and waits until it has begun."""
        loop = f"import time\nprint(flush=True)\nwhile True: time.sleep({INTERVAL_S})"
        command = [sys.executable, "-c", loop]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def stop(self) -> Taken:
        """Ends the process."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()
        return Taken()


class SamplerMode:
    """One of our engines, on the thread that starts it or on all."""

    def __init__(self, engine: str, **options: Any) -> None:
        from pyinstrument_sampler import Sampler

        self._sampler = Sampler(interval=INTERVAL_S, engine=engine, **options)

    def start(self) -> None:
        """Raises ``EngineUnavailableError`` where the engine cannot run."""
        self._sampler.start()

    def stop(self) -> Taken:
        """Samples taken, and what they cost."""
        facts = self._sampler.stop().facts
        return Taken(facts.sample_count, facts.own_cpu_ns / 1e9)


class UpstreamMode:
    """The released ``pyinstrument``: needs an environment in which that name means it."""

    def __init__(self) -> None:
        # By name: type checkers would take ours.
        self._profiler: Any = import_module("pyinstrument").Profiler(interval=INTERVAL_S)

    def start(self) -> None:
        """Begins profiling."""
        self._profiler.start()

    def stop(self) -> Taken:
        """Samples taken."""
        return Taken(int(self._profiler.stop().sample_count))


class CProfileMode:
    """The deterministic profiler of the standard library."""

    def __init__(self) -> None:
        import cProfile

        self._profile = cProfile.Profile()

    def start(self) -> None:
        """Begins profiling."""
        self._profile.enable()

    def stop(self) -> Taken:
        """It counts calls, not samples."""
        self._profile.disable()
        return Taken()


class PySpyMode:
    """py-spy, attached to this process from outside; it is started before the clock is read."""

    def __init__(self) -> None:
        folder = Path(sys.executable).parent
        self._command = next((str(path) for path in folder.glob("py-spy*")), "")
        if not self._command:
            raise FileNotFoundError(f"no py-spy in {folder}")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Attaches; raises ``RuntimeError`` with py-spy's own words where that is not allowed."""
        rate = round(1 / INTERVAL_S)
        options = ["--rate", str(rate), "--format", "raw", "--output", os.devnull]
        self._process = subprocess.Popen(
            [self._command, "record", "--pid", str(os.getpid()), "--duration", "3600", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "Sampling process" in line:
                return
            said.append(line.strip())
        self._process.wait()
        raise RuntimeError(" ".join(said) or "py-spy ended at once")

    def stop(self) -> Taken:
        """Detaches. How many samples it took is not told in a form worth parsing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate()
        return Taken()


ENGINES = ("safepoint", "monitoring", "setprofile", "reference")
"""Modes that run one of our engines, best first; one that is not there is left out, and said."""

ALL_THREADS = " on all threads"
"""What the name of such a mode ends with, when every thread is sampled."""

MODES: dict[str, Callable[[], Mode]] = {
    "none": NoProfiler,
    "none again": NoProfiler,
    "only waking": WakingMode,
    **{engine: partial(SamplerMode, engine) for engine in ENGINES},
    **{engine + ALL_THREADS: partial(SamplerMode, engine, threads="all") for engine in ENGINES},
    "upstream": UpstreamMode,
    "cProfile": CProfileMode,
    "py-spy": PySpyMode,
}
"""Makes a fresh mode by its name."""


def is_ours(mode: str) -> bool:
    """Whether it needs this checkout's packages."""
    return mode.replace(ALL_THREADS, "") in ENGINES
