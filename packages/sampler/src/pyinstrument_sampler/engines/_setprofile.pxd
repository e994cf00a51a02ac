"""The ``setprofile`` engine: the profile function of one thread, and of several."""

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t

from pyinstrument_sampler._compat cimport PyThreadState, Py_tracefunc
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._timer cimport pyi_flag


cdef class ThreadHook:
    # The thread's dictionary keeps the hook alive while the thread lives, installed or not. 3.11
    # makes the frame object after it has read which function to call, with which object, and holds
    # neither: the collector may run there, and a finalizer's own events may uninstall the hook.
    cdef ThreadHook replaced  # the one before, which may be in that place
    cdef pyi_flag due
    cdef bint is_polled  # something has to be done at every event
    cdef uint64_t thread_id
    cdef list runs
    # Neighbours among the hooks that serve runs of several threads; not owned. NULL: none.
    cdef bint is_wide
    cdef PyObject *previous_wide
    cdef PyObject *next_wide

    cdef int add(self, NativeRun run) except -1
    cdef int add_wide(self, PyThreadState *thread, NativeRun run) except -1
    cdef bint is_on(self, PyThreadState *thread)
    cdef Py_tracefunc _function(self)
    cdef int _install(self, PyThreadState *thread) except -1
    cdef int _uninstall(self) except -1
    cdef int _update(self) except -1
    cdef void _join_wide(self)
    cdef void _leave_wide(self)


cdef ThreadHook hook_of(PyThreadState *thread)
cdef bint has_hook(PyThreadState *thread)
cdef list wide_hooks()
cdef pyi_flag *wide_flag()
