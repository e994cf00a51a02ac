"""Stacks of peeked chains that broke off at a generator's frame."""

from cpython.object cimport PyObject
from libc.stdint cimport uint32_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._live_code cimport LiveCode
from pyinstrument_sampler._path_table cimport PathTable
from pyinstrument_sampler._safepoint cimport PYI_PEEK_FRAMES, pyi_peek
from pyinstrument_sampler._stack_table cimport NativeStackTable


cdef struct ChainFrame:
    PyObject *code  # a strong reference
    uint32_t entry  # in the registry
    uintptr_t instruction  # as read; 0: the frame was not


cdef class BrokenChains:
    cdef LiveCode live
    cdef PathTable paths
    cdef CodeRegistry registry
    cdef NativeStackTable table
    cdef ChainFrame chain[PYI_PEEK_FRAMES]  # newest first
    cdef Py_ssize_t size
    cdef Py_ssize_t size_read  # without the generators that were left as well

    cdef uint32_t stack(
        self, const pyi_peek *peek, const pyi_frame *frames, Py_ssize_t count, uintptr_t own_code
    ) except? 0xFFFFFFFF

    cdef void _read(self, const pyi_peek *peek, uintptr_t own_code)
    cdef bint _add(self, uint32_t entry, uintptr_t instruction)
    cdef bint _add_caller(self)
    cdef void _release(self)
    cdef uint32_t _serial(self, Py_ssize_t at)
    cdef uint32_t _only_caller(self)
    cdef Py_ssize_t _junction(self, const pyi_frame *frames, Py_ssize_t count) except? -3
    cdef bint _is_known(self, uint32_t path)
    cdef uint32_t _put(
        self, const pyi_frame *frames, Py_ssize_t count, Py_ssize_t junction
    ) except? 0xFFFFFFFF
