"""The functions without Python code that a thread was in, by the instruction that called them."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uint64_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._id_map cimport IdMap


cdef enum:
    NO_CALL = 0xFFFFFFFE  # no function without Python code can be told


cdef class CallSites:
    cdef CodeRegistry registry
    cdef IdMap sites  # (serial number of a code object, instruction) -> location, or NO_CALL
    cdef IdMap names  # the same, where only an attribute's name is known

    cdef uint32_t leaf(
        self, PyObject *code, uint32_t serial, int lasti, uintptr_t frame, int64_t still_ns
    ) except? 0xFFFFFFFF
    cdef int _learn(self, object code, int lasti, uint64_t key, uintptr_t frame) except -1
