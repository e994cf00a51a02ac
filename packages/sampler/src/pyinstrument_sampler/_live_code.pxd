"""Which addresses are code objects that are alive: what a peeked address is checked against."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport pyi_frame

cdef enum:
    MOST_WANTED = 16  # addresses that one search looks for
    MOST_CALLERS = 4


cdef class LiveCode:
    cdef CodeRegistry registry
    cdef bint are_callers_here  # they are the calling thread's, which is here and not in them
    cdef PyObject *names[MOST_CALLERS]  # strong references to callers' global names
    cdef uintptr_t wanted[MOST_WANTED]  # addresses that were not found; a ring
    cdef uint32_t misses  # since the last search
    cdef int64_t next_search_ns
    cdef int64_t search_gap_ns
    cdef int64_t next_look_ns
    cdef int64_t look_gap_ns

    cdef void hold_callers(self, const pyi_frame *callers, Py_ssize_t count)
    cdef void release_callers(self)

    cdef uint32_t known(self, uintptr_t address)
    cdef uint32_t find(
        self, uintptr_t address, const pyi_frame *callers, Py_ssize_t count
    ) except? 0xFFFFFFFE

    cdef int _look_around(self) except -1
    cdef int _search(self) except -1
    cdef int _learn(self, PyObject **found) except -1
