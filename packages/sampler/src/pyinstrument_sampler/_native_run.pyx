"""One sampling in progress: what the compiled engines share.

An engine's hook calls ``on_event`` with the GIL held; the run decides whether a sample is due,
walks the stack and stores it as integers. The law of the handler stands in docs/sampling.md.
"""

import threading

from cpython.object cimport PyObject
from cpython.ref cimport Py_XDECREF
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, realloc

from pyinstrument_sampler._code_registry cimport NO_INSTRUCTION, CodeRegistry
from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_compat_init,
    pyi_find_thread,
    pyi_frame,
    pyi_generator_of,
    pyi_thread_id,
    pyi_thread_ident,
    pyi_walk,
)
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._stack_table cimport NativeStackTable
from pyinstrument_sampler._timer cimport (
    PYI_FLAG_TAKE,
    pyi_flag,
    pyi_monotonic_ns,
    pyi_thread_cpu_ns,
    pyi_ticker,
    pyi_timer_add,
    pyi_timer_counts,
    pyi_timer_cpu_ns,
    pyi_timer_remove,
)

import os

from pyinstrument_sampler._async_context import IDLE_FUNCTIONS, await_chain, idle_event_loop
from pyinstrument_sampler.async_context import ACTIVE
from pyinstrument_sampler.errors import ClockError, SamplerStateError
from pyinstrument_sampler.facts import FactsTaker
from pyinstrument_sampler.recording_builder import RecordingBuilder

cdef extern from "Python.h":
    PyFrameObject *PyEval_GetFrame()

cdef enum:
    # SampleState
    RUNNING = 0
    AWAITED = 2
    OUT_OF_CONTEXT = 3

pyi_compat_init()


def generator_of(frame):
    """The coroutine or generator that runs in a frame, None where there is none."""
    cdef PyObject *found = pyi_generator_of(<PyFrameObject *><PyObject *>frame)
    if found == NULL:
        return None
    generator = <object>found
    Py_XDECREF(found)
    return generator


cdef class NativeRun:
    """A ``Run`` (see engines/interface.py) whose samples are stored natively.

    Open from ``arm`` until ``stop``, ``abandon`` or a failing clock; a closed run takes no samples
    and is in no hook.
    """

    def __cinit__(self, request, str engine_name, hook):
        builder = RecordingBuilder()
        thread = threading.current_thread()
        builder.thread(threading.get_ident(), thread.name)
        self.hook = hook
        self.thread_id = pyi_thread_id(PyThreadState_Get())
        self.registry = CodeRegistry(builder, IDLE_FUNCTIONS)
        self.stacks = NativeStackTable()
        self.columns = SampleColumns()
        self.clock = request.clock
        self.mark = request.mark
        self.coroutine = request.coroutine
        self.is_strict = request.async_mode == "strict"
        self.interval_ns = self.ticker.interval_ns = request.interval_ns
        self.notes = []
        self.stem = self._stack(NULL, <PyFrameObject *><PyObject *>request.caller_frame, 0)
        base_frame = request.base_frame
        if base_frame is not None:
            self.base = self._stack(NULL, <PyFrameObject *><PyObject *>base_frame, 0)
        self.facts = FactsTaker(request, engine_name)

    def __dealloc__(self):
        free(self.frames)

    cdef int arm(self, pyi_flag *hook_due) except -1:
        """Opens the run; from now on *hook_due* is set whenever a sample is due."""
        cdef int error
        self.last_cpu_ns = pyi_thread_cpu_ns()
        self.timer_cpu_ns = pyi_timer_cpu_ns()
        self.last_ns = self._now()
        self.ticker.hook_due = hook_due
        if self.clock is None:
            error = pyi_timer_add(&self.ticker)
            if error:
                raise OSError(error, f"the timer thread cannot be started: {os.strerror(error)}")
        self.is_open = True
        return 0

    cdef void close(self):
        """Ends sampling; the time since the last sample is not accounted for by this."""
        if self.is_open:
            self.is_open = False
            pyi_timer_remove(&self.ticker)
            self.hook.remove(self)

    cdef int64_t _now(self) except? -1:
        if self.clock is None:
            return pyi_monotonic_ns()
        return <int64_t>round(self.clock() * 1e9)

    cdef int on_event(self, Event *event) except -1:
        """Takes a sample if one is due. Only what a signal handler raised comes out of it."""
        cdef int64_t now_ns
        if not self.is_open or event.thread == NULL:
            return 0
        if self.clock is None and not PYI_FLAG_TAKE(&self.ticker.due):
            return 0
        try:
            now_ns = self._now()
            if self.clock is not None and now_ns - self.last_ns < self.interval_ns:
                return 0
            self._observe(event, now_ns)
        except Exception as error:
            self.error = error
            self.close()
        return 0

    cdef int _observe(self, Event *event, int64_t now_ns) except -1:
        cdef uint8_t state = RUNNING
        cdef uint32_t stack
        if self.mark is None:
            stack = self._event_stack(event)
        else:
            stack = self._context_stack(event, &state)
        if self.is_open:  # naming what is new can run other code, which may have stopped this
            self._add(stack, now_ns, state, pyi_thread_cpu_ns())
        if self.clock is None:
            self.handler_ns += pyi_monotonic_ns() - now_ns
        return 0

    cdef int _add(self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns) except -1:
        self.columns.add(stack, now_ns - self.last_ns, cpu_ns - self.last_cpu_ns, state)
        self.last_ns = now_ns
        self.last_cpu_ns = cpu_ns
        return 0

    cdef uint32_t _event_stack(self, Event *event) except? 0xFFFFFFFF:
        cdef uint32_t stack = self._stack(event.thread, event.frame, event.skip)
        if event.callee != NULL:
            location = self.registry.native(<object>event.callee, event.receiver)
            stack = self.stacks.stack(stack, location)
        return stack

    cdef uint32_t _context_stack(self, Event *event, uint8_t *state) except? 0xFFFFFFFF:
        """The stack that the profiled context was in; see async_context for the rules."""
        cdef uint32_t stack
        if self._is_in_context():
            stack = self._event_stack(event)
            if (
                event.callee != NULL
                and self.frames_capacity > 0
                # Only its address is looked up: the references to the frames were given back.
                and self.registry.may_idle(self.frames[0].code)
            ):
                idle = idle_event_loop(<object><PyObject *>PyEval_GetFrame())
                if idle is not None:
                    coroutine, base_frame, extra_codes = idle
                    chain = await_chain(coroutine)
                    if chain is not None:
                        stack = self._stack(NULL, <PyFrameObject *><PyObject *>base_frame, 0)
                        for code in extra_codes:
                            stack = self._push(stack, code, NO_INSTRUCTION)
                        state[0] = AWAITED
                        return self._awaiting(stack, chain)
            return stack
        if self.coroutine is not None:
            chain = await_chain(self.coroutine)
            if chain is not None:
                state[0] = AWAITED
                return self._awaiting(self.base, chain)
        state[0] = OUT_OF_CONTEXT
        if self.is_strict:
            return self.stacks.stack(self.stem, self.registry.synthetic("[out-of-context]"))
        return self._event_stack(event)

    cdef bint _is_in_context(self):
        for mark in ACTIVE.get(()):
            if mark is self.mark:
                return True
        return False

    cdef uint32_t _push(self, uint32_t stack, object code, int lasti) except? 0xFFFFFFFF:
        return self.stacks.stack(stack, self.registry.location(<PyObject *>code, NULL, lasti))

    cdef uint32_t _awaiting(self, uint32_t stack, object chain) except? 0xFFFFFFFF:
        for code, lasti, _ in chain:
            stack = self._push(stack, code, lasti)
        return self.stacks.stack(stack, self.registry.synthetic("[await]"))

    cdef uint32_t _stack(
        self, PyThreadState *thread, PyFrameObject *frame, int skip
    ) except? 0xFFFFFFFF:
        """Id of a stack of frames, walked from *frame* or else from the newest of *thread*."""
        cdef Py_ssize_t count = pyi_walk(thread, frame, skip, self.frames, self.frames_capacity)
        cdef Py_ssize_t copied = min(count, self.frames_capacity)
        cdef Py_ssize_t at
        cdef uint32_t stack = 0
        cdef uint32_t location
        if count > self.frames_capacity:
            self._release(copied)
            self._make_room(count)
            copied = pyi_walk(thread, frame, skip, self.frames, self.frames_capacity)
        try:
            for at in range(copied - 1, -1, -1):
                location = self.registry.location(
                    self.frames[at].code, self.frames[at].type, self.frames[at].lasti
                )
                stack = self.stacks.stack(stack, location)
        finally:
            self._release(copied)
        return stack

    cdef int _make_room(self, Py_ssize_t count) except -1:
        cdef pyi_frame *frames = <pyi_frame *>realloc(self.frames, 2 * count * sizeof(pyi_frame))
        if frames == NULL:
            raise MemoryError()
        self.frames = frames
        self.frames_capacity = 2 * count
        return 0

    cdef void _release(self, Py_ssize_t count):
        cdef Py_ssize_t at
        for at in range(count):
            Py_XDECREF(self.frames[at].code)
            Py_XDECREF(self.frames[at].type)

    cdef int _settle(self, frame) except -1:
        """Accounts for the time since the last sample, if the clock can tell it."""
        try:
            self._account(frame)
        except Exception as error:
            self.error = error
            self.close()
        return 0

    cdef int _account(self, frame) except -1:
        cdef PyThreadState *thread = PyThreadState_Get()
        cdef int64_t now_ns = self._now()
        cdef int64_t cpu_ns = self.last_cpu_ns
        cdef uint32_t stack
        if pyi_thread_id(thread) == self.thread_id:
            cpu_ns = pyi_thread_cpu_ns()
            if not self.hook.is_intact():
                self.notes.append(
                    "The program replaced the profile hook: what ran afterwards is [unobserved]."
                )
                stack = self.stacks.stack(self.stem, self.registry.synthetic("[unobserved]"))
            else:
                stack = self._stack(NULL, <PyFrameObject *><PyObject *>frame, 0)
        else:
            thread = pyi_find_thread(self.thread_id)
            if thread == NULL:
                self.notes.append("The profiled thread ended before its profile was stopped.")
                return 0
            stack = self._stack(thread, NULL, 0)
        return self._add(stack, now_ns, RUNNING, cpu_ns)

    def snapshot(self, frame):
        """See ``Run.snapshot``."""
        if self.is_open:
            self._settle(frame)
        return self._recording(False)

    def stop(self, frame):
        """See ``Run.stop``."""
        if self.recording is None:
            if self.is_open:
                self._settle(frame)
                self.close()
            self.recording = self._recording(True)
            self.registry.clear()
        if self.error is not None:
            error, self.error = self.error, None
            raise ClockError(
                f"the clock {self.clock!r} raised {error!r}: sampling ended there, and the "
                "recording up to then is this error's `recording`",
                self.recording,
            ) from error
        return self.recording

    def abandon(self):
        """See ``Run.abandon``."""
        self.close()

    cdef object _recording(self, bint consume):
        cdef uint64_t asked = 0
        cdef uint64_t late = 0
        if self.clock is None:
            pyi_timer_counts(&self.ticker, &asked, &late)
        facts = self.facts.finish(
            duration_ns=self.columns.duration_ns,
            sample_count=self.columns.ticks,
            ticks_asked=asked,
            ticks_late=late,
            own_cpu_ns=self.handler_ns + pyi_timer_cpu_ns() - self.timer_cpu_ns,
            stem=self.stem,
            notes=self.notes,
        )
        return self.registry.builder.build(
            facts,
            stacks=self.stacks.to_table(),
            samples=self.columns.to_table(consume),
        )
