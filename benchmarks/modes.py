"""The ways to run a body: under no profiler, one of ours, or somebody else's.

A mode is an object rather than a generator-based context manager: our sampler looks at the frame
that starts it, and a generator there would be taken for the profiled coroutine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, Protocol

INTERVAL_S = 0.001


class Mode(Protocol):
    """A profiler around a body."""

    def start(self) -> None:
        """Begins profiling; whatever it raises is the reason to leave the mode out."""

    def stop(self) -> int | None:
        """Ends profiling and returns the number of samples, None where there are none."""


class NoProfiler:
    """The body alone."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> int | None:
        """Nothing to count."""
        return None


class SamplerMode:
    """One of our engines."""

    def __init__(self, engine: str) -> None:
        from pyinstrument_sampler import Sampler

        self._sampler = Sampler(interval=INTERVAL_S, engine=engine)

    def start(self) -> None:
        """Raises ``EngineUnavailableError`` where the engine cannot run."""
        self._sampler.start()

    def stop(self) -> int | None:
        """Samples taken."""
        return self._sampler.stop().facts.sample_count


class UpstreamMode:
    """The released ``pyinstrument``: needs an environment in which that name means it."""

    def __init__(self) -> None:
        # By name: type checkers would take ours.
        self._profiler: Any = import_module("pyinstrument").Profiler(interval=INTERVAL_S)

    def start(self) -> None:
        """Begins profiling."""
        self._profiler.start()

    def stop(self) -> int | None:
        """Samples taken."""
        return int(self._profiler.stop().sample_count)


class CProfileMode:
    """The deterministic profiler of the standard library."""

    def __init__(self) -> None:
        import cProfile

        self._profile = cProfile.Profile()

    def start(self) -> None:
        """Begins profiling."""
        self._profile.enable()

    def stop(self) -> int | None:
        """It counts calls, not samples."""
        self._profile.disable()
        return None


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

    def stop(self) -> int | None:
        """Detaches. How many samples it took is not told in a form worth parsing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate()
        return None


ENGINES = ("setprofile", "monitoring", "reference")
"""Modes that run one of our engines."""

MODES: dict[str, Callable[[], Mode]] = {
    "none": NoProfiler,
    "none again": NoProfiler,
    "setprofile": lambda: SamplerMode("setprofile"),
    "monitoring": lambda: SamplerMode("monitoring"),
    "reference": lambda: SamplerMode("reference"),
    "upstream": UpstreamMode,
    "cProfile": CProfileMode,
    "py-spy": PySpyMode,
}
"""Makes a fresh mode by its name."""
