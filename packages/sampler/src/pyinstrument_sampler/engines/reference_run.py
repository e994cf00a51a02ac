"""One sampling in progress in the reference engine: its clock, its samples and its end."""

from __future__ import annotations

import os
import sys
import threading
from operator import add
from types import FrameType
from typing import TYPE_CHECKING, Callable

from ..capture import StackCapture
from ..errors import ClockError
from ..facts import FactsTaker
from ..interruptions import is_of_signal_handler
from ..notes import ABANDONED, HOOK_TAKEN, THREAD_ENDED, add_note, clock_failed, describe
from ..recording import Recording, SampleState
from ..recording_builder import RecordingBuilder
from .interface import SamplingRequest
from .reference_tracks import (
    BRIEFLY_S,
    CPU_CLOCK,
    PATIENTLY_S,
    ReferenceLinks,
    ReferenceTrack,
    thread_cpu_ns,
    work_token,
)
from .sample_stacks import SampleStacks
from .stopwatch import stopwatch

if TYPE_CHECKING:
    from .reference import ThreadHook

_holders: list[int] = []
"""Idents of the threads that hold the tables of a run while they may be sampled for another. What a
signal handler raises may leave one here: that thread waits briefly then, too."""
_LEAVING_NATIVE = frozenset({"c_return", "c_exception"})


class _Holding:
    """While the calling thread, which has the lock of a run's tables, is one of the holders."""

    __slots__ = ()

    def __enter__(self) -> None:
        __tracebackhide__ = True
        _holders.append(threading.get_ident())

    def __exit__(self, *error: object) -> None:
        __tracebackhide__ = True
        _holders.remove(threading.get_ident())


class ReferenceRun:
    """Samples of one request. Each thread adds its own; any thread may end it."""

    def __init__(
        self,
        request: SamplingRequest,
        own_hook: ThreadHook,
        stop_following: Callable[[ReferenceRun, list[str]], None],
    ) -> None:
        cpu_ns = thread_cpu_ns()
        self._own_hook = own_hook
        self._stop_following = stop_following  # given this and the notes
        # Held while tables change and while they are copied, by whatever thread does it.
        # Reentrant, for signal handlers: see _is_sampling.
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._builder = RecordingBuilder()
        self._stacks = SampleStacks(request, StackCapture(self._builder))
        self._links = ReferenceLinks(self._builder)
        self._facts = FactsTaker(request, "reference")
        self._interval_ns = request.interval_ns
        self._has_own_clock = request.clock is not None
        self._was_in_context = True
        self._notes: list[str] = []
        self._clock_error: Exception | None = None
        self._is_sampling = False
        self.has_ended = False
        self._tracks: dict[ThreadHook, ReferenceTrack] = {}
        if request.threads in ("current", "all") or own_hook.ident in request.threads:
            self._tracks[own_hook] = ReferenceTrack(own_hook, True, 0)
            self._tracks[own_hook].enter(self._builder)
        self._elapsed_ns: Callable[[], int] = int
        try:
            self._elapsed_ns = stopwatch(request.clock)
        except Exception as error:
            if not self._has_own_clock or is_of_signal_handler(error):
                raise
            self._fail(error)
        for track in self._tracks.values():
            track.last_cpu_ns = thread_cpu_ns()
        self._own_cpu_ns = thread_cpu_ns() - cpu_ns

    def add_note(self, note: str) -> None:
        """Tells the reader of the recording."""
        add_note(self._notes, note)

    @property
    def wants_own_thread(self) -> bool:
        """Whether the thread that started it is recorded."""
        return self._own_hook in self._tracks

    def observe(self, hook: ThreadHook, frame: FrameType | None, event: str, arg: object) -> None:
        """Takes a sample of *hook*'s thread if one is due; the rest is as ``sys.setprofile`` has
        it."""
        __tracebackhide__ = True
        try:
            now_ns = None if self.has_ended else self._read_clock()
            if now_ns is None:
                return
            track = self._tracks.get(hook)
            if track is None:
                self._tracks[hook] = ReferenceTrack(hook, False, now_ns)
                return
            work = track.work
            if work is not None:
                track.see_work(work)
            if now_ns - track.last_ns < self._interval_ns:
                return
            native = None
            if event == "call" and frame is not None:
                frame = frame.f_back
            elif event in _LEAVING_NATIVE:
                native = arg
            self._sample(track, frame, native, now_ns)
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
        with self._lock, _Holding():
            self._catch_up(frame)
            return self._build()

    def stop(self, frame: FrameType | None) -> Recording:
        """See ``interface.Run``."""
        __tracebackhide__ = True
        with self._lock, _Holding():
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
            for hook in list(self._tracks):
                hook.reset_lock()
        if not self.has_ended:
            self._notes.append(ABANDONED)
            self._end()

    def _sample(
        self, track: ReferenceTrack, frame: FrameType | None, native: object | None, now_ns: int
    ) -> None:
        cpu_ns = thread_cpu_ns()
        has_lock: list[bool] = []
        try:
            # Not for ever: who holds it may be sampled as well, and wait for this thread. Kept
            # at once, with no bytecode in between at which a signal handler could raise.
            is_holding = threading.get_ident() in _holders
            patience_s = BRIEFLY_S if is_holding else track.patience_s
            has_lock.extend(map(self._lock.acquire, (True,), (patience_s,)))
            track.patience_s = PATIENTLY_S if has_lock[0] else BRIEFLY_S
            if not has_lock[0] or self.has_ended or self._is_sampling:
                return  # a later sample gets the time
            if now_ns <= track.last_ns:
                return  # a snapshot came in between
            self._is_sampling = True
            try:
                self._observe(track, frame, native, now_ns, cpu_ns)
            finally:
                self._is_sampling = False
        finally:
            if has_lock and has_lock[0]:
                self._lock.release()

    def _observe(
        self,
        track: ReferenceTrack,
        frame: FrameType | None,
        native: object | None,
        now_ns: int,
        cpu_ns: int,
    ) -> None:
        """A sample of the calling thread."""
        state = SampleState.RUNNING
        token: object | None = None
        if track.is_own:
            self._was_in_context = self._stacks.is_in_context()
            stack, state = self._stacks.running(
                frame,
                is_in_context=self._was_in_context,
                native=native,
                may_wait=native is not None,
            )
        else:
            stack = self._stacks.as_it_is(frame, native) or self._stacks.unobserved(False)
            token = work_token() if self._stacks.has_mark() else None
            if not self._stacks.is_in_context():
                state = SampleState.OUT_OF_CONTEXT
        if not self.has_ended:
            self._add(track, stack, state, now_ns, cpu_ns, token)

    def _read_clock(self) -> int | None:
        """What the clock tells; None, and the run has ended, if it does not."""
        try:
            return self._elapsed_ns()
        except RecursionError:
            raise  # perhaps the program's depth, not the clock's fault
        except Exception as error:
            if not self._has_own_clock or is_of_signal_handler(error):
                raise
            self._fail(error)
            return None

    def _catch_up(self, frame: FrameType | None) -> None:
        """Gives each thread's time since its last sample to whatever has it."""
        # A signal handler that interrupted a sample finds tables that must not change now.
        if self.has_ended or self._is_sampling:
            return
        now_ns = self._read_clock()
        if now_ns is None:
            return
        self._is_sampling = True
        try:
            for track in list(self._tracks.values()):
                if now_ns > track.last_ns:
                    self._add_last_stretch(track, frame, now_ns)
        finally:
            self._is_sampling = False

    def _add_last_stretch(
        self, track: ReferenceTrack, frame: FrameType | None, now_ns: int
    ) -> None:
        if track.hook.ident != threading.get_ident() or not track.hook.is_alive():
            self._catch_up_from_another_thread(track, now_ns)
        elif track.hook.is_installed():
            self._observe(track, frame, None, now_ns, thread_cpu_ns())
        else:
            add_note(self._notes, HOOK_TAKEN)
            stack = self._stacks.unobserved(track.is_own)
            self._add(track, stack, SampleState.RUNNING, now_ns, thread_cpu_ns(), None)

    def _catch_up_from_another_thread(self, track: ReferenceTrack, now_ns: int) -> None:
        frame = track.hook.current_frame()
        state = SampleState.RUNNING
        if frame is not None and track.is_own:
            stack, state = self._stacks.running(
                frame, is_in_context=self._was_in_context, may_wait=True
            )
        elif frame is not None:
            stack = self._stacks.as_it_is(frame, None)
            if track.work is None and self._stacks.knows_context():
                state = SampleState.OUT_OF_CONTEXT
        elif track.is_own:
            add_note(self._notes, THREAD_ENDED)
            stack = self._stacks.unobserved(True)
        else:
            return  # it has all samples that it can have
        # The CPU clock and the context of another thread cannot be read from here.
        work = track.work
        token = work.token if work is not None and track.is_at_work else None
        self._add(track, stack, state, now_ns, track.last_cpu_ns, token)

    def _add(
        self,
        track: ReferenceTrack,
        stack: int,
        state: SampleState,
        now_ns: int,
        cpu_ns: int,
        token: object | None,
    ) -> None:
        duration_ns = now_ns - track.last_ns
        if not track.is_named:
            track.enter(self._builder)
        self._builder.add_sample(
            stack,
            duration_ns,
            thread=track.row,
            cpu_ns=cpu_ns - track.last_cpu_ns,
            state=state,
            start_ns=track.last_ns,
        )
        track.last_ns = now_ns
        if token is None:
            self._links.end(track)
        else:
            origin, is_awaited = self._stacks.origin(self._own_hook.current_frame())
            self._links.add(track, token, stack, origin, is_awaited, duration_ns)
        if cpu_ns != track.last_cpu_ns:
            track.last_cpu_ns = thread_cpu_ns()
            self._own_cpu_ns += track.last_cpu_ns - cpu_ns

    def _fail(self, error: Exception) -> None:
        self._clock_error = error
        self._notes.append(clock_failed(error))
        self._end()

    def _end(self) -> None:
        self.has_ended = True
        self._stop_following(self, self._notes)
        for hook in list(self._tracks):
            hook.remove(self)

    def _build(self) -> Recording:
        for track in list(self._tracks.values()):  # threads may start meanwhile
            if track.row >= 0 and track.hook.is_alive():
                track.enter(self._builder)  # it may have another name by now
        recording = self._builder.build(
            self._facts.finish(
                duration_ns=0,
                sample_count=0,
                ticks_asked=0,
                ticks_late=0,
                own_cpu_ns=self._own_cpu_ns,
                stem=self._stacks.stem,
                notes=self._notes,
                cpu_clock=CPU_CLOCK,
            ),
            links=self._links.to_table(list(self._tracks.values())),
        )
        # From the samples, since a signal handler may have interrupted one.
        samples = recording.samples
        facts = recording.facts._replace(
            duration_ns=max(map(add, samples.start_ns, samples.duration_ns), default=0),
            sample_count=sum(samples.ticks),
        )
        return recording._replace(facts=facts)
