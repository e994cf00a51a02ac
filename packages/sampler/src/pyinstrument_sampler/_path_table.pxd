"""Paths of code objects that are known to have happened, as a prefix tree."""

from libc.stdint cimport uint32_t

from pyinstrument_sampler._id_map cimport IdMap


cdef class PathTable:
    cdef IdMap children  # (parent, serial number of a code object) -> path
    cdef uint32_t size
    cdef uint32_t *type_names  # of each path's newest frame; 0: none
    cdef int *calls  # where the frame before it was when that was last seen: `lasti`, or -1
    cdef uint32_t capacity

    cdef int _grow(self) except -1
    cdef void note_call(self, uint32_t path, int lasti)
    cdef int call(self, uint32_t path)
    cdef uint32_t type_name(self, uint32_t path)
    cdef uint32_t find(self, uint32_t parent, uint32_t serial)
    cdef uint32_t learn(self, uint32_t parent, uint32_t serial, uint32_t type_name) except? 0
