"""A run of several threads by safepoints."""

from libc.stdint cimport int64_t

from pyinstrument_sampler._compat cimport PyFrameObject
from pyinstrument_sampler._safepoint cimport pyi_tick
from pyinstrument_sampler._safepoint_run cimport SafepointRun


cdef class SafepointThreadsRun(SafepointRun):
    cdef PyFrameObject *here  # where the calling thread's stack begins; NULL: at its newest frame

    cdef int _settle_thread(self, object thread_id, const pyi_tick *tick) except -1
    cdef int _meet(self, int64_t now_ns) except -1
