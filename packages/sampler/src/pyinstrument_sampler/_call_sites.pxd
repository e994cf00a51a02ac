"""The functions without Python code that a thread was in, by the instruction that called them."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t

from pyinstrument_sampler._code_registry cimport CodeRegistry


cdef enum:
    NO_CALL = 0xFFFFFFFE  # no function without Python code can be told


cdef class CallSites:
    cdef CodeRegistry registry
    cdef dict loads  # (serial number of a code object, instruction) -> how it finds its callee

    cdef uint32_t leaf(
        self,
        PyObject *code,
        uint32_t serial,
        int lasti,
        object global_names,
        object builtins,
        int64_t still_ns,
    ) except? 0xFFFFFFFF
