"""One sampling in progress in the reference engine: its clock, its samples and its end."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING, Callable

from ..capture import StackCapture
from ..errors import ClockError
from ..facts import FactsTaker, thread_name
from ..notes import ABANDONED, HOOK_TAKEN, THREAD_ENDED, add_note, clock_failed, describe
from ..recording import Recording, SampleState
from ..recording_builder import RecordingBuilder
from .interface import SamplingRequest
from .sample_stacks import SampleStacks

if TYPE_CHECKING:
    from .reference import ThreadHook

_thread_cpu_ns: Callable[[], int] = getattr(time, "thread_time_ns", lambda: 0)
_CPU_CLOCK = "thread" if hasattr(time, "thread_time_ns") else ""
_WITHOUT_WAITING = (False,)
_LEAVING_NATIVE = frozenset({"c_return", "c_exception"})


class ReferenceRun:
    """Samples of one request. The sampled thread adds them; any thread may end it."""

    def __init__(self, request: SamplingRequest, hook: ThreadHook) -> None:
        cpu_ns = _thread_cpu_ns()
        self._hook = hook
        # Held while tables change and while they are copied, by whatever thread does it.
        # Reentrant, for signal handlers: see _is_sampling.
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._builder = RecordingBuilder()
        self._builder.thread(hook.ident, thread_name(hook.ident))
        self._stacks = SampleStacks(request, StackCapture(self._builder))
        self._facts = FactsTaker(request, "reference")
        self._interval_ns = request.interval_ns
        self._has_own_clock = request.clock is not None
        self._was_in_context = True
        self._notes: list[str] = []
        self._clock_error: Exception | None = None
        self._is_sampling = False
        self.has_ended = False
        self._seen_ns = 0
        self._last_ns = 0
        self._elapsed_ns: Callable[[], int] = int
        try:
            self._elapsed_ns = _stopwatch(request.clock)
        except Exception as error:
            if not self._has_own_clock:
                raise  # of a signal handler
            self._fail(error)
        self._last_cpu_ns = _thread_cpu_ns()
        self._own_cpu_ns = self._last_cpu_ns - cpu_ns

    def observe(self, frame: FrameType | None, event: str, argument: object) -> None:
        """Takes a sample if one is due. *frame*, *event*, *argument*: see ``sys.setprofile``."""
        __tracebackhide__ = True
        try:
            if self.has_ended or not self._read_clock():
                return
            if self._seen_ns - self._last_ns < self._interval_ns:
                return
            native = None
            if event == "call" and frame is not None:
                frame = frame.f_back
            elif event in _LEAVING_NATIVE:
                native = argument
            self._sample(frame, native)
        except RecursionError:
            # No room for this sample; a later one gets its time. But before 3.10 an interpreter
            # that has raised it lets the program recurse on, unchecked, until it aborts.
            if sys.version_info < (3, 10):
                raise
        except BaseException:
            # What a signal handler raised is the program's; the interpreter removes the hook.
            self._notes.append("A signal handler raised while a sample was taken: it ended there.")
            self._end()
            raise

    def snapshot(self, frame: FrameType | None) -> Recording:
        """See ``interface.Run``."""
        __tracebackhide__ = True
        with self._lock:
            self._catch_up(frame)
            return self._build()

    def stop(self, frame: FrameType | None) -> Recording:
        """See ``interface.Run``."""
        __tracebackhide__ = True
        with self._lock:
            self._catch_up(frame)
            self._end()
            recording = self._build()
        error = self._clock_error
        if error is not None:
            raise ClockError(
                f"the clock raised {describe(error)}; the recording ends there", recording
            ) from error
        return recording

    def abandon(self) -> None:
        """See ``interface.Run``."""
        if os.getpid() != self._pid:
            # A thread that is not in this process may have held them.
            self._lock = threading.RLock()
            self._hook.reset_lock()
        if not self.has_ended:
            self._notes.append(ABANDONED)
            self._end()

    def _sample(self, frame: FrameType | None, native: object | None) -> None:
        cpu_ns = _thread_cpu_ns()
        has_lock: list[bool] = []
        try:
            # Without waiting: who holds it may be sampled as well, and wait for this thread. Kept
            # at once, with no bytecode in between at which a signal handler could raise.
            has_lock.extend(map(self._lock.acquire, _WITHOUT_WAITING))
            if not has_lock[0] or self.has_ended or self._is_sampling:
                return  # a later sample gets the time
            self._is_sampling = True
            try:
                self._was_in_context = self._stacks.is_in_context()
                stack, state = self._stacks.running(
                    frame,
                    is_in_context=self._was_in_context,
                    native=native,
                    may_wait=native is not None,
                )
                if not self.has_ended:
                    self._add(stack, state, self._seen_ns, cpu_ns)
            finally:
                self._is_sampling = False
        finally:
            if has_lock and has_lock[0]:
                self._lock.release()

    def _read_clock(self) -> bool:
        """Whether the clock gave a time; the run has ended if not."""
        try:
            self._seen_ns = self._elapsed_ns()
        except RecursionError:
            raise  # perhaps the program's depth, not the clock's fault
        except Exception as error:
            if not self._has_own_clock:
                raise  # of a signal handler: the clock of the system does not fail
            self._fail(error)
            return False
        return True

    def _catch_up(self, frame: FrameType | None) -> None:
        """Gives the time since the last sample to whatever has it."""
        # A signal handler that interrupted a sample finds tables that must not change now.
        if self.has_ended or self._is_sampling:
            return
        if not self._read_clock() or self._seen_ns <= self._last_ns:
            return
        self._is_sampling = True
        try:
            self._add_last_stretch(frame)
        finally:
            self._is_sampling = False

    def _add_last_stretch(self, frame: FrameType | None) -> None:
        if self._hook.ident != threading.get_ident():
            self._catch_up_from_another_thread()
        elif self._hook.is_installed():
            stack, state = self._stacks.running(frame, is_in_context=self._stacks.is_in_context())
            self._add(stack, state, self._seen_ns, _thread_cpu_ns())
        else:
            add_note(self._notes, HOOK_TAKEN)
            self._add(
                self._stacks.unobserved(), SampleState.RUNNING, self._seen_ns, _thread_cpu_ns()
            )

    def _catch_up_from_another_thread(self) -> None:
        frame = self._hook.current_frame()
        if frame is None:
            add_note(self._notes, THREAD_ENDED)
            stack, state = self._stacks.unobserved(), SampleState.RUNNING
        else:
            stack, state = self._stacks.running(
                frame, is_in_context=self._was_in_context, may_wait=True
            )
        # The CPU clock of another thread cannot be read from here.
        self._add(stack, state, self._seen_ns, self._last_cpu_ns)

    def _add(self, stack: int, state: SampleState, now_ns: int, cpu_ns: int) -> None:
        self._builder.add_sample(
            stack,
            now_ns - self._last_ns,
            cpu_ns=cpu_ns - self._last_cpu_ns,
            state=state,
        )
        self._last_ns = now_ns
        if cpu_ns != self._last_cpu_ns:
            self._last_cpu_ns = _thread_cpu_ns()
            self._own_cpu_ns += self._last_cpu_ns - cpu_ns

    def _fail(self, error: Exception) -> None:
        self._clock_error = error
        self._notes.append(clock_failed(error))
        self._end()

    def _end(self) -> None:
        self.has_ended = True
        self._hook.remove(self)

    def _build(self) -> Recording:
        recording = self._builder.build(
            self._facts.finish(
                duration_ns=0,
                sample_count=0,
                ticks_asked=0,
                ticks_late=0,
                own_cpu_ns=self._own_cpu_ns,
                stem=self._stacks.stem,
                notes=self._notes,
                cpu_clock=_CPU_CLOCK,
            )
        )
        # From the samples, since a signal handler may have interrupted one.
        facts = recording.facts._replace(
            duration_ns=sum(recording.samples.duration_ns),
            sample_count=sum(recording.samples.ticks),
        )
        return recording._replace(facts=facts)


def _stopwatch(clock: Callable[[], float] | None) -> Callable[[], int]:
    """A function that gives the nanoseconds since now."""
    if clock is None:
        now_ns = time.perf_counter_ns
        start_ns = now_ns()
        return lambda: now_ns() - start_ns
    start = clock()
    custom = clock

    def elapsed_ns() -> int:
        __tracebackhide__ = True
        return round((custom() - start) * 1e9)

    round((start - start) * 1e9)  # a clock that does not give numbers is found out now
    return elapsed_ns
