"""A run whose samples are peeked at by the timer thread and settled at safepoints."""

from libc.stdint cimport int64_t, uintptr_t

from pyinstrument_sampler._compat cimport PyThreadState
from pyinstrument_sampler._joined_stacks cimport JoinedStacks
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._safepoint cimport pyi_tick, pyi_watch
from pyinstrument_sampler._thread_track cimport ThreadTrack


cdef class SafepointRun(NativeRun):
    cdef readonly int kind  # of requests.h
    cdef readonly JoinedStacks joined
    cdef pyi_watch *watch
    cdef pyi_tick *ticks  # those that are being settled
    cdef dict contexts  # address of a living context -> (whether it is profiled, reference)
    cdef int64_t marks_since_ns  # the marks of contexts have been as they are since then
    cdef bint was_in_old_context  # before

    cdef int begin(self) except -1
    cdef int on_safepoint(self) except -1
    cdef bint settles_on(self, PyThreadState *thread)
    cdef int settle(self, PyThreadState *here) except -1
    cdef int take_ticks(self)
    cdef int _settle(self, ThreadTrack track, Event *event, bint is_here) except -1
    cdef int settle_tick(
        self,
        ThreadTrack track,
        const Event *event,
        const pyi_tick *tick,
        bint was_in_context,
        int64_t cpu_ns,
    ) except -1
    cdef int see_context(self, PyThreadState *here) except -1
    cdef bint was_profiled(self, uintptr_t context, int64_t time_ns)
