"""Joins what was peeked at a tick with the real stack at the safepoint after it."""

from libc.stdint cimport uint32_t, uintptr_t

from pyinstrument_sampler._broken_chains cimport BrokenChains
from pyinstrument_sampler._call_sites cimport CallSites
from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._live_code cimport LiveCode
from pyinstrument_sampler._native_stacks cimport NativeStacks
from pyinstrument_sampler._path_table cimport PathTable
from pyinstrument_sampler._safepoint cimport pyi_peek, pyi_tick


cdef class JoinedStacks(NativeStacks):
    cdef const pyi_tick *tick  # whose stack is wanted; NULL: the one of now
    cdef object global_names  # of the frame whose call is to be named; None: of none
    cdef object builtins
    cdef PathTable paths
    cdef LiveCode live
    cdef BrokenChains broken
    cdef CallSites calls
    cdef uintptr_t own_code  # of the frames that are the interpreter's own; 0: none seen

    cdef uint32_t _standing(self, Py_ssize_t count) except? 0xFFFFFFFF
    cdef void _hold_names(self, Py_ssize_t at, Py_ssize_t count)
    cdef uint32_t _join(self, Py_ssize_t count) except? 0xFFFFFFFF
    cdef uint32_t _real(
        self, const pyi_peek *peek, Py_ssize_t first, Py_ssize_t count, Py_ssize_t junction,
        Py_ssize_t peeked, uint32_t *path,
    ) except? 0xFFFFFFFF
    cdef uint32_t _with_call(
        self, uint32_t stack, Py_ssize_t real, uint32_t entry, int lasti
    ) except? 0xFFFFFFFF
    cdef uint32_t _popped(
        self, const pyi_peek *peek, Py_ssize_t popped, bint is_proven, uint32_t stack,
        uint32_t path, const pyi_frame *callers, Py_ssize_t count,
    ) except? 0xFFFFFFFF
    cdef Py_ssize_t _match(
        self, const pyi_peek *peek, Py_ssize_t peeked, Py_ssize_t first, Py_ssize_t count
    )
