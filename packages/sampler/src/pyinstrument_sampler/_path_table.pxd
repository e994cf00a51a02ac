"""Paths of code objects that are known to have happened, as a prefix tree."""

from cpython.object cimport PyObject
from libc.stdint cimport uint32_t

from pyinstrument_sampler._id_map cimport IdMap

cdef enum:
    NO_CALL_SEEN = -1


cdef class PathTable:
    cdef IdMap children  # (parent, serial number of a code object) -> path
    cdef IdMap callers  # serial number -> that of the one code object that called it; or SEVERAL
    cdef uint32_t size
    cdef uint32_t *serials  # of each path's newest frame
    cdef uint32_t *type_names  # of each path's newest frame; 0: none
    cdef int *calls  # where the frame before it was, when it was seen: see `call`
    cdef uint32_t capacity

    cdef int _grow(self) except -1
    cdef int _note_caller(self, uint32_t serial, uint32_t caller) except -1
    cdef uint32_t only_caller(self, uint32_t serial)
    cdef void note_call(self, uint32_t path, PyObject *caller, int lasti)
    cdef int call(self, uint32_t path)
    cdef uint32_t type_name(self, uint32_t path)
    cdef uint32_t find(self, uint32_t parent, uint32_t serial)
    cdef uint32_t learn(self, uint32_t parent, uint32_t serial, uint32_t type_name) except? 0
