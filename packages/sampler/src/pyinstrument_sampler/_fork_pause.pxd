"""Keeps the timer thread away from ``fork``."""

from pyinstrument_sampler._compat cimport PyThreadState

ctypedef void (*timer_call)() noexcept nogil

cdef void watch_forks(timer_call pause, timer_call make_due)
cdef bint has_fork_returned(PyThreadState *thread)
