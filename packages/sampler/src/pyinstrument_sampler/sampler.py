"""``Sampler``: what users start and stop.

Checks what is asked, finds the profiled context, chooses an engine, and keeps the promises that
do not depend on it: states, errors, ``fork`` and the interpreter's exit.
"""

from __future__ import annotations

import math
import sys
from types import FrameType, TracebackType
from typing import Callable, Iterable

from . import async_context, lifetime
from .engines.interface import Run, SamplingRequest
from .engines.selection import ENGINE_NAMES, choose_engine
from .errors import ClockError, InvalidOptionError, SamplerStateError
from .recording import Recording
from .thread_choice import check_living, checked_threads

ASYNC_MODES = ("enabled", "disabled", "strict")

_LONGEST_INTERVAL_S = 1e9  # sums of a few still fit into 64 bits of nanoseconds


class Sampler:
    """Samples the thread that starts it, or others too; any thread may stop it.

    Any number of samplers may run at once, nested or overlapping, in one thread or in several. As
    a context manager it starts and stops, and the result is :attr:`recording`.
    """

    def __init__(
        self,
        interval: float = 0.001,
        *,
        engine: str = "auto",
        async_mode: str = "enabled",
        clock: Callable[[], float] | None = None,
        threads: str | Iterable[int] = "current",
    ) -> None:
        """
        Args:
            interval: wanted time between samples, in seconds.
            engine: one of ``engines.selection.ENGINE_NAMES``; ``"auto"`` takes the best.
            async_mode: what to do with the time in which other tasks run: ``"enabled"`` gives it
                to what the profiled code awaits, ``"strict"`` shows what is nobody's as
                ``[out-of-context]``, ``"disabled"`` shows whatever the thread runs.
            clock: seconds, instead of real time; read at every event, so it should be quick.
            threads: ``"current"``, the thread that calls :meth:`start`; ``"all"``, also those that
                start meanwhile; or the idents (``threading.get_ident()``) of some.

        Raises:
            InvalidOptionError: an argument cannot mean anything.
        """
        self._interval_ns = _interval_ns(interval)
        _check_one_of("engine", engine, ENGINE_NAMES)
        _check_one_of("async_mode", async_mode, ASYNC_MODES)
        if clock is not None and not callable(clock):
            raise InvalidOptionError(f"clock must be callable or None, not {clock!r}")
        self._interval = float(interval)
        self._engine_asked = engine
        self._engine: str | None = None
        self._async_mode = async_mode
        self._clock = clock
        self._threads = checked_threads(threads)
        self._mark: async_context.Mark | None = None
        # None or one run. A list, since remove() succeeds for one of two threads that stop at once.
        self._runs: list[Run] = []
        self._is_abandoned = False
        self._recording: Recording | None = None

    @property
    def interval(self) -> float:
        """Wanted time between samples, in seconds."""
        return self._interval

    @property
    def async_mode(self) -> str:
        """``"enabled"``, ``"disabled"`` or ``"strict"``."""
        return self._async_mode

    @property
    def threads(self) -> str | frozenset[int]:
        """``"current"``, ``"all"`` or idents."""
        return self._threads

    @property
    def engine(self) -> str | None:
        """Name of the engine in use, or last used; None before the first start."""
        return self._engine

    @property
    def is_running(self) -> bool:
        """Whether it samples now. Not so in the child of a ``fork``, until it is started there."""
        return bool(self._runs) and not self._is_abandoned

    @property
    def recording(self) -> Recording | None:
        """What the last finished run saw; None before."""
        return self._recording

    def start(
        self, caller_frame: FrameType | None = None, *, coroutine: object | None = None
    ) -> None:
        """Begins sampling.

        Args:
            caller_frame: frame of the code that asks for it; by default the caller's.
            coroutine: outermost coroutine of the profiled context, if it is not the one that
                *caller_frame* runs in: one that is going to be awaited, for example.

        Raises:
            SamplerStateError: it is running already.
            EngineUnavailableError: the engine asked for cannot run here.
            UnknownThreadError: a thread asked for does not live.
        """
        __tracebackhide__ = True
        if self.is_running:
            raise SamplerStateError("this sampler is running already: stop() it first")
        self._forget()  # what a fork, or the exception of a signal handler, cut short
        frame = sys._getframe(1) if caller_frame is None else caller_frame
        check_living(self._threads)
        engine, reason = choose_engine(
            self._engine_asked,
            has_own_clock=self._clock is not None,
            has_other_threads=self._threads != "current",
        )
        mark: async_context.Mark | None = None
        base_frame: FrameType | None = None
        if self._async_mode == "disabled":
            coroutine = None
        else:
            mark = self._mark = async_context.Mark()
            generator_of = getattr(engine, "generator_of", async_context.generator_of)
            coroutine, base_frame = _profiled_context(frame, coroutine, generator_of)
            async_context.enter(mark)
        request = SamplingRequest(
            interval_ns=self._interval_ns,
            async_mode=self._async_mode,
            clock=self._clock,
            caller_frame=frame,
            mark=mark,
            coroutine=coroutine,
            base_frame=base_frame,
            threads=self._threads,
            engine_reason=reason,
        )
        self._engine = engine.name
        lifetime.watch(self)
        abandoned = self._runs[:] if self._is_abandoned else []
        self._is_abandoned = False
        started: list[Run] = []
        try:
            for run in abandoned:
                self._runs.remove(run)
            # Kept as soon as it is made, with no bytecode in between at which a signal handler
            # could raise and leave a run that nobody can stop.
            started.extend(map(engine.start, (request,)))
            self._runs.extend(started)
        except BaseException:
            self._give_up(started)
            self._forget()
            raise
        if started[0] in self._runs[1:]:
            self._give_up(started)
            if mark is not None:
                async_context.leave(mark)
            raise SamplerStateError("another thread started this sampler at the same time")

    def stop(self, caller_frame: FrameType | None = None) -> Recording:
        """Ends the sampling and returns what it saw.

        In the child of a ``fork`` it returns what was seen before the fork.

        Args:
            caller_frame: frame whose stack the time since the last sample belongs to; by default
                the caller's. Not used when a thread calls that is not recorded.

        Raises:
            SamplerStateError: it is not running.
            ClockError: the custom clock raised; the error holds the recording up to there.
        """
        __tracebackhide__ = True
        run = self._run()
        failure: ClockError | None = None
        try:
            recording = run.stop(sys._getframe(1) if caller_frame is None else caller_frame)
        except ClockError as error:
            failure = error
            recording = error.recording
        # Only now: a signal handler that raises before this leaves a sampler that can be stopped.
        try:
            self._runs.remove(run)
        except ValueError:
            raise SamplerStateError("this sampler was stopped by another thread") from None
        self._recording = recording
        self._forget()
        if failure is not None:
            raise failure
        return recording

    def snapshot(self, caller_frame: FrameType | None = None) -> Recording:
        """The recording so far; sampling goes on. *caller_frame* as in :meth:`stop`.

        Raises ``SamplerStateError`` when it is not running.
        """
        __tracebackhide__ = True
        run = self._run()
        return run.snapshot(sys._getframe(1) if caller_frame is None else caller_frame)

    def abandon(self) -> None:
        """Stops observing without waiting for anything; ``stop`` still gives what was seen."""
        self._is_abandoned = True
        for run in self._runs:
            run.abandon()

    def __enter__(self) -> Sampler:
        __tracebackhide__ = True
        self.start(sys._getframe(1))
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        if not self._runs:
            return  # the block stopped it itself
        try:
            self.stop(sys._getframe(1))
        except ClockError:
            # What went wrong in the block is more important than what went wrong in the clock.
            if error_type is None:
                raise

    def __del__(self) -> None:
        # Nobody can stop it any more.
        for run in getattr(self, "_runs", ()):
            run.abandon()
        mark = getattr(self, "_mark", None)
        if mark is not None:
            mark.has_ended = True

    def _give_up(self, started: list[Run]) -> None:
        for run in started:
            run.abandon()
            if run in self._runs:
                self._runs.remove(run)

    def _run(self) -> Run:
        try:
            return self._runs[0]
        except IndexError:
            raise SamplerStateError("this sampler is not running: start() it first") from None

    def _forget(self) -> None:
        lifetime.unwatch(self)
        if self._mark is not None:
            async_context.leave(self._mark)
            self._mark = None


def _profiled_context(
    frame: FrameType, coroutine: object | None, generator_of: async_context.GeneratorOf
) -> tuple[object | None, FrameType | None]:
    """The outermost coroutine of the profiled context, and the frame under which it is shown."""
    found = async_context.find_profiled_coroutine(frame, generator_of)
    if coroutine is not None and (found is None or found[0] is not coroutine):
        return coroutine, frame
    return (None, None) if found is None else found


def _interval_ns(interval: object) -> int:
    if isinstance(interval, (int, float)) and not isinstance(interval, bool):
        if math.isfinite(interval) and interval > 0:
            return max(1, round(min(interval, _LONGEST_INTERVAL_S) * 1e9))
    raise InvalidOptionError(f"interval must be a number of seconds above 0, not {interval!r}")


def _check_one_of(option: str, value: str, valid: tuple[str, ...]) -> None:
    if value not in valid:
        raise InvalidOptionError(f"{option} must be one of {', '.join(valid)}, not {value!r}")
