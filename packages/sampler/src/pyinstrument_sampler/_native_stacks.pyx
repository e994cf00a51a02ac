"""Decides, for one run, which stack and state a sample gets; walks frames natively.

The rules are those of ``async_context``, whose functions are used here in a compiled copy:
bytecode in a hook could be interrupted by a signal handler.
"""

import sys

from cpython.object cimport PyObject
from cpython.ref cimport Py_XDECREF
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, realloc

from pyinstrument_sampler._code_registry cimport NO_INSTRUCTION, CodeRegistry
from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    pyi_compat_init,
    pyi_find_thread,
    pyi_frame,
    pyi_generator_of,
    pyi_thread_ident,
    pyi_walk,
)
from pyinstrument_sampler._id_map cimport NO_ID
from pyinstrument_sampler._stack_table cimport NativeStackTable

from pyinstrument_sampler._async_context import idle_event_loop, suspended_frames, weakly
from pyinstrument_sampler.async_context import (
    ACTIVE,
    AWAIT,
    IDLE_FUNCTIONS,
    OUT_OF_CONTEXT,
    UNOBSERVED,
)
from pyinstrument_sampler.recording import SampleState

cdef uint8_t RUNNING_STATE = SampleState.RUNNING
cdef uint8_t AWAITED_STATE = SampleState.AWAITED
cdef uint8_t OUT_OF_CONTEXT_STATE = SampleState.OUT_OF_CONTEXT

pyi_compat_init()


def generator_of(frame):
    """The coroutine or generator that runs in a frame, None where there is none."""
    cdef PyObject *found = pyi_generator_of(<PyFrameObject *><PyObject *>frame)
    if found == NULL:
        return None
    generator = <object>found
    Py_XDECREF(found)
    return generator


cdef Event standing(PyThreadState *thread):
    """A thread that is not the calling one, where it stands: perhaps in C code."""
    cdef Event event
    event.thread = thread
    event.frame = NULL
    event.skip = 0
    event.callee = event.receiver = NULL
    event.may_wait = True
    return event


cdef class NativeStacks:
    """Stacks of one run. Not reentrant: see ``NativeRun.is_busy``."""

    def __cinit__(self, builder, request):
        self.registry = CodeRegistry(builder, IDLE_FUNCTIONS)
        self.table = NativeStackTable()
        self.mark = request.mark
        self.is_strict = request.async_mode == "strict"
        self.stem = self._walk_from(request.caller_frame)
        # Now: the event loop's frame below the coroutine is another one each time it is resumed.
        if request.base_frame is not None:
            self.base = self._walk_from(request.base_frame)
        self.coroutine = weakly(request.coroutine)

    def __dealloc__(self):
        free(self.frames)

    cdef void clear(self):
        """Lets go of the program's objects; stack ids given so far stay valid."""
        self.registry.clear()

    cdef bint is_in_context(self) except -1:
        """Whether the calling code belongs to the profiled context."""
        if self.mark is None:
            return True
        for mark in ACTIVE.get():
            if mark is self.mark:
                return True
        return False

    cdef uint32_t running(
        self, const Event *event, bint is_in_context, uint8_t *state
    ) except? 0xFFFFFFFF:
        """Stack id, and state, of a thread that stands where *event* says."""
        cdef uint32_t stack
        state[0] = RUNNING_STATE
        if self.mark is None:
            return self.as_it_is(event)
        if not is_in_context:
            return self._out_of_context(event, state)
        stack = self.as_it_is(event)
        if event.may_wait and self.frames_capacity > 0:
            # Only its address is looked up: the references to the frames were given back.
            if self.registry.may_idle(self.frames[0].code):
                idle = self._idle(event)
                if idle != NO_ID:
                    state[0] = AWAITED_STATE
                    return idle
        return stack

    cdef uint32_t unobserved(self, bint is_own) except? 0xFFFFFFFF:
        """Stack id for time in which the run could not see a thread, its starter's or another."""
        return self._synthetic(self.stem if is_own else 0, UNOBSERVED)

    cdef bint has_mark(self, object context) except -1:
        """Whether a context is a copy of the profiled one, or that itself."""
        if self.mark is not None:
            for mark in context.get(ACTIVE, ()):
                if mark is self.mark:
                    return True
        return False

    cdef uint32_t origin(self, uint64_t thread_id, bint *is_awaited) except? 0xFFFFFFFF:
        """Stack id of what the profiled context awaits now, or else of what it does.

        *thread_id*: of the thread that started the run.
        """
        cdef Event event
        cdef uint8_t state = RUNNING_STATE
        cdef uint32_t stack = self.stem
        coroutine = self.coroutine()
        frames = None if coroutine is None else suspended_frames(coroutine)
        is_awaited[0] = True
        if frames is not None:
            return self._awaiting(self.base, frames)
        event = standing(pyi_find_thread(thread_id))
        if event.thread != NULL:
            stack = self.running(&event, True, &state)
        is_awaited[0] = state == AWAITED_STATE
        return stack

    cdef uint32_t shared(self, uint32_t stack, uint32_t other) except? 0xFFFFFFFF:
        """The part of *stack* that has the same frames as *other*, on whatever lines."""
        cdef uint32_t at = other
        while at > stack:
            at = self.table.parent[at]
        if at == stack:
            return stack
        frame_of = self.registry.builder.frame_of
        cdef uint32_t found = 0
        for mine, others in zip(self._path(stack), self._path(other)):
            if mine != others and frame_of(self.table.location[<uint32_t>mine]) != frame_of(
                self.table.location[<uint32_t>others]
            ):
                break
            found = mine
        return found

    cdef list _path(self, uint32_t stack):
        cdef list path = []
        while stack:
            path.append(stack)
            stack = self.table.parent[stack]
        path.reverse()
        return path

    cdef uint32_t as_it_is(self, const Event *event) except? 0xFFFFFFFF:
        """Stack id of a thread that stands where *event* says, whatever its context."""
        cdef uint32_t stack = self._walk(event.thread, event.frame, event.skip, 0)
        if event.callee != NULL:
            location = self.registry.native(<object>event.callee, event.receiver)
            stack = self.table.stack(stack, location)
        return stack

    cdef uint32_t _out_of_context(self, const Event *event, uint8_t *state) except? 0xFFFFFFFF:
        coroutine = self.coroutine()
        if coroutine is not None:
            frames = suspended_frames(coroutine)
            if frames is not None:
                state[0] = AWAITED_STATE
                return self._awaiting(self.base, frames)
        state[0] = OUT_OF_CONTEXT_STATE
        if self.is_strict:
            return self._synthetic(self.stem, OUT_OF_CONTEXT)
        return self.as_it_is(event)

    cdef uint32_t _idle(self, const Event *event) except? 0xFFFFFFFE:
        """What the event loop waits for, if *event* stands in the wait of one; else NO_ID."""
        frame = sys._current_frames().get(pyi_thread_ident(event.thread))
        loop = None if frame is None else idle_event_loop(frame)
        frames = None if loop is None else suspended_frames(loop.coroutine)
        if frames is None:
            return NO_ID
        cdef uint32_t stack = self._walk_from(loop.base_frame)
        for code in loop.extra_codes:
            location = self.registry.location(<PyObject *>code, NULL, NO_INSTRUCTION)
            stack = self.table.stack(stack, location)
        return self._awaiting(stack, frames)

    cdef uint32_t _awaiting(self, uint32_t stack, object frames) except? 0xFFFFFFFF:
        for frame in frames:  # each alone: a suspended frame has no caller
            stack = self._walk(NULL, <PyFrameObject *><PyObject *>frame, 0, stack)
        return self._synthetic(stack, AWAIT)

    cdef uint32_t _synthetic(self, uint32_t stack, str name) except? 0xFFFFFFFF:
        return self.table.stack(stack, self.registry.synthetic(name))

    cdef uint32_t _walk_from(self, object frame) except? 0xFFFFFFFF:
        return self._walk(NULL, <PyFrameObject *><PyObject *>frame, 0, 0)

    cdef uint32_t _walk(
        self, PyThreadState *thread, PyFrameObject *frame, int skip, uint32_t stack
    ) except? 0xFFFFFFFF:
        """Id of *stack* with the frames from *frame* (or *thread*'s newest) up on it."""
        cdef Py_ssize_t copied = self._copy(thread, frame, skip)
        cdef Py_ssize_t at
        cdef uint32_t location
        try:
            for at in range(copied - 1, -1, -1):
                location = self.registry.location(
                    self.frames[at].code, self.frames[at].type, self.frames[at].lasti
                )
                stack = self.table.stack(stack, location)
        finally:
            self._release(copied)
        return stack

    cdef Py_ssize_t _copy(self, PyThreadState *thread, PyFrameObject *frame, int skip) except -1:
        """Fills ``frames``, newest first, and says how many there are. ``_release`` them."""
        cdef Py_ssize_t count = pyi_walk(thread, frame, skip, self.frames, self.frames_capacity)
        if count > self.frames_capacity:
            self._release(self.frames_capacity)
            self._make_room(count)
            count = pyi_walk(thread, frame, skip, self.frames, self.frames_capacity)
        return count

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
