"""A run whose samples are peeked at by the timer thread and settled at safepoints."""

from libc.stdint cimport int64_t, uint64_t, uintptr_t

from pyinstrument_sampler._compat cimport PyThreadState
from pyinstrument_sampler._joined_stacks cimport JoinedStacks
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._safepoint cimport pyi_tick, pyi_watch


cdef class SafepointRun(NativeRun):
    cdef readonly JoinedStacks joined
    cdef pyi_watch *watch
    cdef pyi_tick *ticks  # those that are being settled
    cdef dict contexts  # address of a living context -> [whether it is profiled, reference]

    cdef int begin(self) except -1
    cdef int on_safepoint(self) except -1
    cdef int _settle(self, Event *event, bint is_here) except -1
    cdef _remember_context(self, uintptr_t address, bint is_profiled)
    cdef int _settle_one(self, Event *event, const pyi_tick *tick, bint in_context) except -1
