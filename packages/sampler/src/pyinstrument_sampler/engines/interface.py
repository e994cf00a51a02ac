"""The seam between the sampler and its engines.

An engine answers one question: when, and on which thread, is a stack taken? Everything a user
sees (options, states, errors, context marks, fork and exit) is the sampler's.
"""

from __future__ import annotations

from types import FrameType
from typing import Callable, NamedTuple, Protocol

from ..recording import Recording


class SamplingRequest(NamedTuple):
    """What an engine is asked to do, checked by the sampler."""

    interval_ns: int
    """Wanted time between samples, above 0."""
    async_mode: str
    """``"enabled"``, ``"disabled"`` or ``"strict"``."""
    clock: Callable[[], float] | None
    """Seconds, read at every event instead of the timer thread; None for real time."""
    caller_frame: FrameType
    """Frame of the code that asked for the profile: the recording's stem."""
    mark: object | None
    """Member of ``async_context.ACTIVE`` while in context; None when async is disabled."""
    coroutine: object | None
    """Outermost coroutine (or generator) of the profiled context; None when there is none."""
    base_frame: FrameType | None
    """Frame below that coroutine's, under which its await chain is shown."""
    threads: str | frozenset[int]
    """``"current"`` (the calling thread), ``"all"``, or the idents of living threads."""
    engine_reason: str
    """Why this engine; goes into the facts."""


class Run(Protocol):
    """One sampling in progress."""

    def snapshot(self, frame: FrameType | None) -> Recording:
        """The recording up to now. The calling thread's time since its last sample goes to
        *frame*'s stack, that of others to the stack they have."""

    def stop(self, frame: FrameType | None) -> Recording:
        """Takes the hook away and returns the recording; any thread may call it. Raises
        ``ClockError`` when a custom clock ended the sampling."""

    def abandon(self) -> None:
        """Stops observing at once, without waiting for anything: after ``fork`` in the child, or
        at interpreter exit. ``stop`` afterwards returns what was seen before."""


class Engine(Protocol):
    """A way to sample."""

    name: str

    def unavailable_reason(self) -> str | None:
        """Why it cannot run here and now, as half a sentence; None when it can."""

    def start(self, request: SamplingRequest) -> Run:
        """Begins sampling; what it cannot see of the threads asked for is told by notes."""
