"""``Recorder``: start, stop, session. What ``Profiler`` and the integrations share."""

from __future__ import annotations

import sys
from types import FrameType, TracebackType
from typing import AbstractSet, Callable, Union

from pyinstrument_sampler.recording import Recording
from pyinstrument_sampler.sampler import Sampler

from .errors import RecorderStateError
from .session import Session

Threads = Union[str, AbstractSet[int]]
"""``"current"``, ``"all"``, or the idents of some threads."""


class Recorder:
    """Records the thread that starts it, or more, and hands over sessions.

    - ``start()`` begins, ``stop()`` ends and returns the session; any thread may stop.
    - ``snapshot()`` is the session so far, without stopping.
    - Started again, it adds to what it has: ``stop()`` and ``last_session`` then cover all runs,
      with the title of the first. ``reset()`` forgets them.
    - ``with Recorder() as recorder: ...`` starts and stops; the session is ``last_session``, also
      when the block raises.
    - Any number of recorders may run at once.

    Its own functions are marked ``__tracebackhide__``: where they were on the sampled stack, no
    report shows them.
    """

    def __init__(
        self,
        interval: float = 0.001,
        async_mode: str = "enabled",
        *,
        clock: Callable[[], float] | None = None,
        engine: str = "auto",
        threads: Threads = "current",
    ) -> None:
        """
        Args:
            interval: wanted time between samples, in seconds.
            async_mode: ``"enabled"``, ``"disabled"`` or ``"strict"``; see ``Sampler``.
            clock: seconds, instead of real time.
            engine: name of a sampling engine; ``"auto"`` takes the best.
            threads: ``"current"`` for the thread that starts it, ``"all"``, or a set of idents.

        Raises:
            pyinstrument_sampler.errors.InvalidOptionError: an argument cannot mean anything.
        """
        self._sampler = Sampler(
            interval, engine=engine, async_mode=async_mode, clock=clock, threads=threads
        )
        self._title = ""
        self._last_session: Session | None = None

    @property
    def interval(self) -> float:
        """Wanted time between samples, in seconds."""
        return self._sampler.interval

    @property
    def async_mode(self) -> str:
        """``"enabled"``, ``"disabled"`` or ``"strict"``."""
        return self._sampler.async_mode

    @property
    def is_running(self) -> bool:
        """Whether it records now."""
        return self._sampler.is_running

    @property
    def last_session(self) -> Session | None:
        """What the finished runs recorded together; None before the first ends."""
        return self._last_session

    def start(
        self,
        caller_frame: FrameType | None = None,
        target_description: str | None = None,
        *,
        coroutine: object | None = None,
    ) -> None:
        """Begins to record the calling thread.

        Args:
            caller_frame: frame of the code to be profiled; by default the caller's.
            target_description: the report's title; by default ``Profile at FILE:LINE``.
            coroutine: outermost coroutine of the profiled context, if *caller_frame* does not run
                in it.

        Raises:
            RecorderStateError: it is running already.
        """
        __tracebackhide__ = True
        if self.is_running:
            raise RecorderStateError("this profiler is running already: stop() it first")
        frame = sys._getframe(1) if caller_frame is None else caller_frame
        if target_description is None:
            target_description = f"Profile at {frame.f_code.co_filename}:{frame.f_lineno}"
        self._title = target_description
        self._sampler.start(frame, coroutine=coroutine)

    def stop(self, caller_frame: FrameType | None = None) -> Session:
        """Ends the recording; returns the session of all runs since the last ``reset()``.

        Raises:
            RecorderStateError: it is not running.
            pyinstrument_sampler.errors.ClockError: a custom ``clock`` raised and ended the
                sampling; ``last_session`` has what was recorded before.
        """
        __tracebackhide__ = True
        self._check_running("stop()")
        frame = sys._getframe(1) if caller_frame is None else caller_frame
        try:
            recording = self._sampler.stop(frame)
        except Exception as failure:
            # Kept, so that a clock that breaks does not cost what was recorded before it did.
            seen = getattr(failure, "recording", None)
            if seen is not None:
                self._last_session = self._session(seen)
            raise
        self._last_session = self._session(recording)
        return self._last_session

    def snapshot(self, caller_frame: FrameType | None = None) -> Session:
        """The session as far as it is, earlier runs included; goes on recording.

        Raises:
            RecorderStateError: it is not running.
        """
        __tracebackhide__ = True
        self._check_running("snapshot()")
        frame = sys._getframe(1) if caller_frame is None else caller_frame
        return self._session(self._sampler.snapshot(frame))

    def reset(self) -> None:
        """Stops, if it is running, and forgets what was recorded."""
        __tracebackhide__ = True
        if self.is_running:
            self._sampler.stop(sys._getframe(1))
        self._last_session = None

    def abandon(self) -> None:
        """Stops observing at once, without a session: after ``fork`` in the child, say."""
        self._sampler.abandon()

    def __enter__(self) -> Recorder:
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
        if self.is_running:
            self.stop(sys._getframe(1))

    def _session(self, recording: Recording) -> Session:
        __tracebackhide__ = True
        session = Session.from_recording(recording, self._title)
        if self._last_session is None:
            return session
        return Session.combine(self._last_session, session)

    def _check_running(self, asked: str) -> None:
        __tracebackhide__ = True
        if not self.is_running:
            raise RecorderStateError(f"{asked}: this profiler is not running; start() it first")
