"""Joins what was peeked at a tick with the real stack at the safepoint after it."""

from libc.stdint cimport uint32_t

from pyinstrument_sampler._live_code cimport LiveCode
from pyinstrument_sampler._native_stacks cimport NativeStacks
from pyinstrument_sampler._path_table cimport PathTable
from pyinstrument_sampler._safepoint cimport pyi_peek, pyi_tick


cdef class JoinedStacks(NativeStacks):
    cdef const pyi_tick *tick  # whose stack is wanted; NULL: the one of now
    cdef PathTable paths
    cdef LiveCode live
    cdef readonly size_t joined  # ticks whose peek was found on the real stack
    cdef readonly size_t shortened  # of those, without frames that could not be believed
    cdef readonly size_t unmatched, dbg_unknown, dbg_lasti, dbg_unproven

    cdef uint32_t _join(self, Py_ssize_t count) except? 0xFFFFFFFF
    cdef uint32_t _real(
        self, const pyi_peek *peek, Py_ssize_t first, Py_ssize_t count, Py_ssize_t junction,
        Py_ssize_t peeked, uint32_t *path,
    ) except? 0xFFFFFFFF
    cdef uint32_t _popped(
        self, const pyi_peek *peek, Py_ssize_t popped, bint is_proven, uint32_t stack,
        uint32_t path,
    ) except? 0xFFFFFFFF
    cdef Py_ssize_t _match(
        self, const pyi_peek *peek, Py_ssize_t peeked, Py_ssize_t first, Py_ssize_t count
    )
