"""Work that threads do in copies of the profiled context, as rows of the link table."""

from libc.stdint cimport int64_t, uint32_t

from pyinstrument_sampler._compat cimport PyThreadState
from pyinstrument_sampler._native_stacks cimport NativeStacks


cdef class ContextLinks:
    cdef NativeStacks stacks
    cdef dict works  # row of a thread -> what it does now
    cdef dict durations  # (stack, thread, origin) -> nanoseconds

    cdef int add(
        self,
        uint32_t thread,
        object context,
        uint32_t stack,
        uint32_t origin,
        bint is_awaited,
        int64_t duration_ns,
    ) except -1
    cdef int end(self, uint32_t thread) except -1
    cdef object to_table(self)


cdef object context_of(PyThreadState *thread)
