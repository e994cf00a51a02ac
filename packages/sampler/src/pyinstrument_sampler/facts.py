"""Gathers a recording's facts: some are only true at the start, the others at the end.

Shared by all engines, so that a recording reads the same whichever made it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Sequence

from .recording import RecordingFacts

if TYPE_CHECKING:
    from .engines.interface import SamplingRequest

_sampler_version: str | None = None


class FactsTaker:
    """The facts of one run. Made when it starts; :meth:`finish` may be called more than once."""

    __slots__ = (
        "_argv",
        "_async_mode",
        "_clock",
        "_engine_name",
        "_engine_reason",
        "_interval_ns",
        "_pid",
        "_process_cpu_start_ns",
        "_start_time_ns",
        "_threads",
    )

    def __init__(self, request: SamplingRequest, engine_name: str) -> None:
        # The request itself is not kept: it would keep the caller's frame alive.
        self._engine_name = engine_name
        self._engine_reason = request.engine_reason
        self._async_mode = request.async_mode
        self._interval_ns = request.interval_ns
        self._clock = "monotonic" if request.clock is None else "custom"
        self._threads = request.threads if isinstance(request.threads, str) else "chosen"
        self._pid = os.getpid()
        argv = getattr(sys, "argv", ())
        self._argv = tuple(argument for argument in argv if isinstance(argument, str))
        self._start_time_ns = time.time_ns()
        self._process_cpu_start_ns = time.process_time_ns()

    def finish(
        self,
        *,
        duration_ns: int,
        sample_count: int,
        ticks_asked: int,
        ticks_late: int,
        own_cpu_ns: int,
        stem: int,
        notes: Sequence[str],
        cpu_clock: str = "thread",
    ) -> RecordingFacts:
        """The facts as of now. *stem* is a stack id, times are nanoseconds."""
        return RecordingFacts(
            engine=self._engine_name,
            engine_reason=self._engine_reason,
            async_mode=self._async_mode,
            interval_ns=self._interval_ns,
            start_time_ns=self._start_time_ns,
            duration_ns=duration_ns,
            process_cpu_ns=max(0, time.process_time_ns() - self._process_cpu_start_ns),
            sample_count=sample_count,
            ticks_asked=ticks_asked,
            ticks_late=ticks_late,
            own_cpu_ns=own_cpu_ns,
            clock=self._clock,
            cpu_clock=cpu_clock,
            stem=stem,
            argv=self._argv,
            python=_python(),
            platform=_platform(),
            sampler_version=_version(),
            pid=self._pid,
            notes=tuple(notes),
            threads=self._threads,
        )


def thread_name(ident: int) -> str:
    """What ``threading`` calls a thread; ``""`` for one that it does not know."""
    # Not current_thread(), which adds an unknown thread to the program's; nor enumerate(), whose
    # lock may be held by what a signal handler interrupted.
    thread = getattr(threading, "_active", {}).get(ident)
    return "" if thread is None else str(thread.name)


def _python() -> str:
    names = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}
    name = sys.implementation.name
    return "{} {}.{}.{}".format(names.get(name, name), *sys.version_info[:3])


def _platform() -> str:
    if hasattr(os, "uname"):
        return f"{sys.platform} {os.uname().machine}"
    machine = os.environ.get("PROCESSOR_ARCHITECTURE", "")
    return f"{sys.platform} {machine}".rstrip()


def _version() -> str:
    global _sampler_version
    if _sampler_version is None:
        _sampler_version = _version_beside() or _version_of_metadata()
    return _sampler_version


def _version_beside() -> str:
    """The version in the name of the folder that installers put beside the package."""
    package = os.path.dirname(os.path.abspath(__file__))
    start, end = os.path.basename(package) + "-", ".dist-info"
    try:
        names = os.listdir(os.path.dirname(package))
    except OSError:
        return ""  # imported from an archive
    found = [name for name in names if name.startswith(start) and name.endswith(end)]
    return found[0][len(start) : -len(end)] if len(found) == 1 else ""


def _version_of_metadata() -> str:
    # Costs tens of milliseconds to import: for editable installations only.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pyinstrument-sampler")
    except PackageNotFoundError:
        return ""  # run from a source tree that is not installed
