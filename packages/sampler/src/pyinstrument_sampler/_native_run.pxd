"""One sampling in progress: what the compiled engines share."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from pyinstrument_sampler._native_stacks cimport Event, NativeStacks
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._timer cimport pyi_flag, pyi_ticker

cdef enum:
    HANDLER_CALLS = 100  # how deep the handler's own calls may go: naming, a clock in Python

cdef bint is_timer_ready(const Event *event)


cdef class NativeRun:
    cdef pyi_ticker ticker
    cdef object hook  # serves this run: has `remove(run)` and `is_intact()`
    cdef readonly bint is_open
    # A stack is being walked. Naming what is new in it may cause events of its own, which must not
    # walk into the same room, and may let another thread run.
    cdef bint is_busy
    cdef readonly uint64_t thread_id  # of the sampled thread, see pyi_thread_id
    cdef object builder
    cdef NativeStacks stacks
    cdef SampleColumns columns
    cdef object clock  # None: real time, from the timer thread
    cdef object facts
    cdef object error  # what the clock raised
    cdef object recording
    cdef list notes
    cdef bint was_in_context
    cdef int64_t interval_ns
    cdef int64_t last_ns
    cdef int64_t last_cpu_ns
    cdef int64_t handler_ns  # time spent in the handler
    cdef int64_t timer_start_ns  # CPU time of the timer thread when the run started
    cdef int64_t timer_end_ns

    cdef int arm(self, pyi_flag *hook_due) except -1
    cdef bint is_polled(self)
    cdef int on_event(self, const Event *event) except -1
    cdef void leave_timer(self)
    cdef void close(self)

    cdef int64_t _now(self) except? -1
    cdef int _observe(self, const Event *event, int64_t now_ns) except -1
    cdef int _add(self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns) except -1
    cdef int _add_ticks(
        self, uint32_t stack, int64_t now_ns, uint8_t state, int64_t cpu_ns, uint32_t ticks
    ) except -1
    cdef int _catch_up(self, frame) except -1
    cdef int _catch_up_here(self, frame, int64_t now_ns) except -1
    cdef int _catch_up_elsewhere(self, int64_t now_ns) except -1
    cdef void _fail(self, error)
    cdef object _recording(self, bint consume)
