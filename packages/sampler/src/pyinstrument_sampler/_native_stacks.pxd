"""Decides, for one run, which stack and state a sample gets; walks frames natively."""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport PyFrameObject, PyThreadState, pyi_frame
from pyinstrument_sampler._stack_table cimport NativeStackTable


cdef struct Event:
    # Where a thread stands, as a hook was told.
    PyThreadState *thread
    PyFrameObject *frame  # where the walk starts; NULL: the thread's newest frame
    int skip  # frames to leave out: 1 when the newest was only just entered
    PyObject *callee  # the C function that returns; NULL at other events
    PyObject *receiver  # its first argument, where the hook is told; else NULL
    bint may_wait  # the thread is, or was until now, in C code


cdef class NativeStacks:
    cdef CodeRegistry registry
    cdef NativeStackTable table
    cdef readonly uint32_t stem  # the code that asked for the profile
    cdef uint32_t base  # below the profiled coroutine
    cdef object mark
    cdef object coroutine  # gives the profiled coroutine, or None
    cdef bint is_strict
    cdef pyi_frame *frames  # room for the stack being walked
    cdef Py_ssize_t frames_capacity

    cdef bint is_in_context(self) except -1
    cdef uint32_t running(
        self, const Event *event, bint is_in_context, uint8_t *state
    ) except? 0xFFFFFFFF
    cdef uint32_t as_it_is(self, const Event *event) except? 0xFFFFFFFF
    cdef uint32_t unobserved(self, bint is_own) except? 0xFFFFFFFF
    cdef bint has_mark(self, object context) except -1
    cdef uint32_t origin(self, uint64_t thread_id, bint *is_awaited) except? 0xFFFFFFFF
    cdef uint32_t shared(self, uint32_t stack, uint32_t other) except? 0xFFFFFFFF
    cdef void clear(self)

    cdef uint32_t _out_of_context(self, const Event *event, uint8_t *state) except? 0xFFFFFFFF
    cdef uint32_t _idle(self, const Event *event) except? 0xFFFFFFFE
    cdef uint32_t _walk(
        self, PyThreadState *thread, PyFrameObject *frame, int skip, uint32_t stack
    ) except? 0xFFFFFFFF
    cdef uint32_t _walk_from(self, object frame) except? 0xFFFFFFFF
    cdef uint32_t _awaiting(self, uint32_t stack, object frames) except? 0xFFFFFFFF
    cdef list _path(self, uint32_t stack)
    cdef uint32_t _synthetic(self, uint32_t stack, str name) except? 0xFFFFFFFF
    cdef Py_ssize_t _copy(self, PyThreadState *thread, PyFrameObject *frame, int skip) except -1
    cdef int _make_room(self, Py_ssize_t count) except -1
    cdef void _release(self, Py_ssize_t count)


cdef Event standing(PyThreadState *thread)
