"""One sampling in progress: what the compiled engines share."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport PyFrameObject, PyThreadState, pyi_frame
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._stack_table cimport NativeStackTable
from pyinstrument_sampler._timer cimport pyi_flag, pyi_ticker


cdef struct Event:
    # What a hook was told.
    PyThreadState *thread
    PyFrameObject *frame  # where the walk starts; NULL: the thread's newest frame
    int skip  # frames to leave out: 1 when the newest was only just entered
    PyObject *callee  # the C function that returns; NULL at other events
    PyObject *receiver  # its first argument, where the hook is told; else NULL


cdef class NativeRun:
    cdef pyi_ticker ticker
    cdef object hook  # serves this run: has `remove(run)` and `is_intact()`
    cdef readonly bint is_open
    cdef readonly uint64_t thread_id  # of the sampled thread, see pyi_thread_id
    cdef CodeRegistry registry
    cdef NativeStackTable stacks
    cdef SampleColumns columns
    cdef pyi_frame *frames  # room for the stack being walked
    cdef Py_ssize_t frames_capacity
    cdef object clock
    cdef object mark
    cdef object coroutine
    cdef object facts
    cdef object error
    cdef object recording
    cdef list notes
    cdef bint is_strict
    cdef uint32_t stem
    cdef uint32_t base
    cdef int64_t interval_ns
    cdef int64_t last_ns
    cdef int64_t last_cpu_ns
    cdef int64_t timer_cpu_ns
    cdef int64_t handler_ns

    cdef int arm(self, pyi_flag *hook_due) except -1
    cdef int on_event(self, Event *event) except -1
    cdef void close(self)

    cdef int64_t _now(self) except? -1
    cdef int _observe(self, Event *event, int64_t now_ns) except -1
    cdef int _add(self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns) except -1
    cdef uint32_t _event_stack(self, Event *event) except? 0xFFFFFFFF
    cdef uint32_t _context_stack(self, Event *event, uint8_t *state) except? 0xFFFFFFFF
    cdef bint _is_in_context(self)
    cdef uint32_t _push(self, uint32_t stack, object code, int lasti) except? 0xFFFFFFFF
    cdef uint32_t _awaiting(self, uint32_t stack, object chain) except? 0xFFFFFFFF
    cdef uint32_t _stack(
        self, PyThreadState *thread, PyFrameObject *frame, int skip
    ) except? 0xFFFFFFFF
    cdef int _make_room(self, Py_ssize_t count) except -1
    cdef void _release(self, Py_ssize_t count)
    cdef int _settle(self, frame) except -1
    cdef int _account(self, frame) except -1
    cdef object _recording(self, bint consume)
