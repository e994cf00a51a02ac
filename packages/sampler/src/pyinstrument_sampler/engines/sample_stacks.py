"""Decides, for one run in pure Python, which stack and state a sample gets.

The rules are those of ``async_context``; this applies them with a :class:`StackCapture`.
"""

from __future__ import annotations

from types import FrameType

from ..async_context import (
    ACTIVE,
    IDLE_FUNCTIONS,
    OUT_OF_CONTEXT,
    UNOBSERVED,
    idle_event_loop,
    suspended_frames,
    weakly,
)
from ..capture import StackCapture
from ..recording import SampleState
from .interface import SamplingRequest


class SampleStacks:
    """Stacks of one run; :attr:`stem` is that of the code which started it."""

    def __init__(self, request: SamplingRequest, capture: StackCapture) -> None:
        self._capture = capture
        self._mark = request.mark
        self._is_strict = request.async_mode == "strict"
        self.stem = capture.stack(request.caller_frame)
        # Now: the event loop's frame below the coroutine is another one each time it is resumed.
        self._base = capture.stack(request.base_frame)
        self._coroutine = weakly(request.coroutine)

    def knows_context(self) -> bool:
        """Whether there is a profiled context at all."""
        return self._mark is not None

    def has_mark(self) -> bool:
        """Whether the calling code runs in a copy of the profiled context, or in that itself."""
        return self._mark is not None and self._mark in ACTIVE.get()

    def is_in_context(self) -> bool:
        """Whether the calling code belongs to the profiled context."""
        return self._mark is None or self._mark in ACTIVE.get()

    def running(
        self,
        frame: FrameType | None,
        *,
        is_in_context: bool,
        native: object | None = None,
        may_wait: bool = False,
    ) -> tuple[int, SampleState]:
        """Stack id and state of a thread whose innermost frame is *frame*.

        *native* is the function without Python code that it is in, if that is known; *may_wait*
        says that it is in one, known or not.
        """
        if self._mark is not None:
            if not is_in_context:
                return self._out_of_context(frame, native)
            if may_wait and frame is not None and frame.f_code.co_name in IDLE_FUNCTIONS:
                stack = self._idle(frame)
                if stack is not None:
                    return stack, SampleState.AWAITED
        return self.as_it_is(frame, native), SampleState.RUNNING

    def unobserved(self, is_own: bool) -> int:
        """Stack id for time in which the run could not see a thread, its starter's or another."""
        return self._capture.extend_synthetic(self.stem if is_own else 0, UNOBSERVED)

    def origin(self, frame: FrameType | None) -> tuple[int, bool]:
        """Stack id of what the profiled context awaits now, or else of what it does; and whether
        it awaits. *frame*: of the thread that started the run, None if that has ended."""
        coroutine = self._coroutine()
        frames = None if coroutine is None else suspended_frames(coroutine)
        if frames is not None:
            return self._capture.extend_awaiting(self._base, frames), True
        if frame is None:
            return self.stem, False
        stack, state = self.running(frame, is_in_context=True, may_wait=True)
        return stack, state == SampleState.AWAITED

    def as_it_is(self, frame: FrameType | None, native: object | None) -> int:
        """Stack id of a thread that stands there, whatever its context."""
        stack = self._capture.stack(frame)
        return stack if native is None else self._capture.extend_native(stack, native)

    def _out_of_context(
        self, frame: FrameType | None, native: object | None
    ) -> tuple[int, SampleState]:
        coroutine = self._coroutine()
        frames = None if coroutine is None else suspended_frames(coroutine)
        if frames is not None:
            return self._capture.extend_awaiting(self._base, frames), SampleState.AWAITED
        if self._is_strict:
            stack = self._capture.extend_synthetic(self.stem, OUT_OF_CONTEXT)
        else:
            stack = self.as_it_is(frame, native)
        return stack, SampleState.OUT_OF_CONTEXT

    def _idle(self, frame: FrameType) -> int | None:
        loop = idle_event_loop(frame)
        frames = None if loop is None else suspended_frames(loop.coroutine)
        if loop is None or frames is None:
            return None
        stack = self._capture.stack(loop.base_frame)
        for code in loop.extra_codes:
            stack = self._capture.extend_code(stack, code)
        return self._capture.extend_awaiting(stack, frames)
