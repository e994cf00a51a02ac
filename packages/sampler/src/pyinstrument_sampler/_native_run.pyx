"""One sampling in progress: what the compiled engines share.

An engine's hook calls ``on_event`` with the GIL held; the run decides whether a sample is due and
stores it as integers. The law of the handler stands in docs/sampling.md.
"""

import os
import threading

cimport cython
from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from pyinstrument_sampler._compat cimport (
    PyEval_GetFrame,
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_add_recursion_room,
    pyi_find_thread,
    pyi_thread_id,
)
from pyinstrument_sampler._native_stacks cimport Event, NativeStacks
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._timer cimport (
    PYI_FLAG_SET,
    PYI_FLAG_TAKE,
    pyi_flag,
    pyi_monotonic_ns,
    pyi_thread_cpu_ns,
    pyi_timer_add,
    pyi_timer_counts,
    pyi_timer_cpu_ns,
    pyi_timer_is_paused,
    pyi_timer_make_due,
    pyi_timer_pause,
    pyi_timer_remove,
    pyi_timer_resume,
)

from pyinstrument_sampler._recording_builder import RecordingBuilder
from pyinstrument_sampler.errors import ClockError
from pyinstrument_sampler.facts import FactsTaker, thread_name
from pyinstrument_sampler.notes import (
    ABANDONED,
    HOOK_TAKEN,
    THREAD_ENDED,
    add_note,
    clock_failed,
    describe,
    sampler_failed,
)
from pyinstrument_sampler.recording import SampleState

cdef uint8_t RUNNING_STATE = SampleState.RUNNING


# Where `fork` was called while the timer is paused. From 3.12 on the interpreter counts threads and
# warns about them, 3.13 after it has called what is registered for the parent: so the timer is not
# started there but at the first event that shows that `fork` has returned.
cdef PyThreadState *forking_thread = NULL
cdef PyFrameObject *forking_frame = NULL


def _before_fork():
    global forking_thread, forking_frame
    forking_thread = PyThreadState_Get()
    forking_frame = PyEval_GetFrame()
    pyi_timer_pause()


def _after_fork():
    pyi_timer_make_due()


cdef bint has_fork_returned(const Event *event):
    return event.thread != forking_thread or PyEval_GetFrame() == forking_frame


cdef bint is_timer_ready(const Event *event):
    """Whether samples may be taken; starts the timer again once `fork` has returned."""
    if pyi_timer_is_paused():
        if not has_fork_returned(event):
            return False
        pyi_timer_resume()
    return True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork)


@cython.no_gc_clear  # `hook` holds the flag that the timer thread sets: to the very end
cdef class NativeRun:
    """A ``Run`` (see engines/interface.py) whose samples are stored natively.

    Open from ``arm`` until ``stop``, ``abandon`` or a failing clock; a closed run takes no samples
    and is in no hook.
    """

    def __cinit__(self, request, str engine_name, hook, NativeStacks stacks=None):
        if stacks is None:
            stacks = NativeStacks(RecordingBuilder(), request)
        self.builder = stacks.registry.builder
        self.builder.thread(threading.get_ident(), thread_name(threading.get_ident()))
        self.hook = hook
        self.thread_id = pyi_thread_id(PyThreadState_Get())
        self.stacks = stacks
        self.columns = SampleColumns()
        self.clock = request.clock
        self.interval_ns = self.ticker.interval_ns = request.interval_ns
        self.was_in_context = True
        self.notes = []
        self.facts = FactsTaker(request, engine_name)

    def __dealloc__(self):
        self.leave_timer()

    cdef void leave_timer(self):
        if self.is_open:
            pyi_timer_remove(&self.ticker)

    cdef int arm(self, pyi_flag *hook_due) except -1:
        """Opens the run; from now on *hook_due* is set whenever a sample is due."""
        cdef int error
        self.timer_start_ns = pyi_timer_cpu_ns()
        self.last_cpu_ns = pyi_thread_cpu_ns()
        self.ticker.hook_due = hook_due
        self.is_open = True
        if self.clock is None:
            self.last_ns = pyi_monotonic_ns()
            error = pyi_timer_add(&self.ticker)
            if error:
                self.is_open = False
                raise OSError(error, f"the timer thread cannot be started: {os.strerror(error)}")
            return 0
        try:
            self.last_ns = self._now()
        except Exception as clock_error:
            self._fail(clock_error)
        return 0

    cdef bint is_polled(self):
        """Whether every event has to be shown to the run, since only its own clock tells."""
        return self.clock is not None

    cdef void close(self):
        """Ends sampling; the time since the last sample is not accounted for by this."""
        if self.is_open:
            self.is_open = False
            pyi_timer_remove(&self.ticker)
            self.timer_end_ns = pyi_timer_cpu_ns()
            self.hook.remove(self)

    cdef int64_t _now(self) except? -1:
        if self.clock is None:
            return pyi_monotonic_ns()
        return <int64_t>round(self.clock() * 1e9)

    cdef int on_event(self, const Event *event) except -1:
        """Takes a sample if one is due. Only what a signal handler raised comes out of it."""
        cdef int64_t now_ns
        if not self.is_open or self.is_busy:
            return 0
        if self.clock is None and not PYI_FLAG_TAKE(&self.ticker.due):
            return 0
        if not is_timer_ready(event):
            PYI_FLAG_SET(&self.ticker.due)
            PYI_FLAG_SET(self.ticker.hook_due)
            return 0
        self.is_busy = True
        pyi_add_recursion_room(event.thread, HANDLER_CALLS)
        try:
            now_ns = self._now()
            if self.clock is None or now_ns - self.last_ns >= self.interval_ns:
                self._observe(event, now_ns)
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(event.thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    cdef int _observe(self, const Event *event, int64_t now_ns) except -1:
        cdef int64_t cpu_ns = pyi_thread_cpu_ns()
        cdef uint8_t state
        self.was_in_context = self.stacks.is_in_context()
        cdef uint32_t stack = self.stacks.running(event, self.was_in_context, &state)
        if self.is_open:  # another thread may have stopped it while new code was being named
            self._add(stack, now_ns, state, cpu_ns)
        if self.clock is None:
            self.handler_ns += pyi_monotonic_ns() - now_ns
        return 0

    cdef int _add(self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns) except -1:
        return self._add_ticks(stack, now_ns, state, cpu_ns, 1)

    cdef int _add_ticks(
        self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns, uint32_t ticks
    ) except -1:
        self.columns.add(stack, now_ns - self.last_ns, cpu_ns - self.last_cpu_ns, state, ticks)
        self.last_ns = now_ns
        self.last_cpu_ns = cpu_ns
        return 0

    cdef int _catch_up(self, frame) except -1:
        """Gives the time since the last sample to whatever has it."""
        cdef int64_t now_ns
        if not self.is_open or self.is_busy:  # busy: in the midst of a sample, on another thread
            return 0
        cdef PyThreadState *thread = PyThreadState_Get()
        self.is_busy = True
        pyi_add_recursion_room(thread, HANDLER_CALLS)
        try:
            now_ns = self._now()
            if now_ns <= self.last_ns:
                pass
            elif pyi_thread_id(thread) == self.thread_id:
                self._catch_up_here(frame, now_ns)
            else:
                self._catch_up_elsewhere(now_ns)
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    cdef int _catch_up_here(self, frame, int64_t now_ns) except -1:
        cdef Event event
        cdef uint8_t state = RUNNING_STATE
        cdef uint32_t stack
        if self.hook.is_intact():
            event.thread = PyThreadState_Get()
            event.frame = <PyFrameObject *><PyObject *>frame
            event.skip = 0
            event.callee = event.receiver = NULL
            event.may_wait = False
            stack = self.stacks.running(&event, self.stacks.is_in_context(), &state)
        else:
            add_note(self.notes, HOOK_TAKEN)
            stack = self.stacks.unobserved()
        return self._add(stack, now_ns, state, pyi_thread_cpu_ns())

    cdef int _catch_up_elsewhere(self, int64_t now_ns) except -1:
        cdef Event event
        cdef uint8_t state = RUNNING_STATE
        cdef uint32_t stack
        event.thread = pyi_find_thread(self.thread_id)
        if event.thread == NULL:
            add_note(self.notes, THREAD_ENDED)
            stack = self.stacks.unobserved()
        else:
            event.frame = NULL
            event.skip = 0
            event.callee = event.receiver = NULL
            event.may_wait = True
            stack = self.stacks.running(&event, self.was_in_context, &state)
        # The CPU clock of another thread cannot be read from here.
        return self._add(stack, now_ns, state, self.last_cpu_ns)

    cdef void _fail(self, error):
        if self.clock is not None:
            self.error = error
            self.notes.append(clock_failed(error))
        else:
            self.notes.append(sampler_failed(error))
        self.close()

    def snapshot(self, frame):
        """See ``Run.snapshot``."""
        self._catch_up(frame)
        recording = self._recording(False)
        # Another thread may have stopped it meanwhile, and taken the samples.
        return recording if self.recording is None else self.recording

    def stop(self, frame):
        """See ``Run.stop``."""
        if self.recording is None:
            self._catch_up(frame)
            self.close()
            # Busy: another thread names code for a sample that will not be added any more.
            recording = self._recording(not self.is_busy)
            if self.recording is None:  # else another thread stopped it meanwhile
                self.recording = recording
            if not self.is_busy:
                self.stacks.clear()
        error, self.error = self.error, None
        if error is not None:
            raise ClockError(
                f"the clock raised {describe(error)}; the recording ends there", self.recording
            ) from error
        return self.recording

    def abandon(self):
        """See ``Run.abandon``."""
        if self.is_open:
            self.notes.append(ABANDONED)
        self.close()

    cdef object _recording(self, bint consume):
        cdef uint64_t asked = 0
        cdef uint64_t late = 0
        if self.clock is None:
            pyi_timer_counts(&self.ticker, &asked, &late)
        if self.is_open:
            self.timer_end_ns = pyi_timer_cpu_ns()
        samples, duration_ns, sample_count = self.columns.to_table(consume)
        facts = self.facts.finish(
            duration_ns=duration_ns,
            sample_count=sample_count,
            ticks_asked=asked,
            ticks_late=late,
            own_cpu_ns=self.handler_ns + self.timer_end_ns - self.timer_start_ns,
            stem=self.stacks.stem,
            notes=self.notes,
        )
        return self.builder.build(facts, stacks=self.stacks.table.to_table(), samples=samples)
