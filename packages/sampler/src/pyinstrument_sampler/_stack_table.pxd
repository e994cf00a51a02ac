"""Stacks as a prefix tree of (parent, location): any stack is one integer."""

from libc.stdint cimport uint32_t

from pyinstrument_sampler._id_map cimport IdMap


cdef class NativeStackTable:
    cdef uint32_t *parent
    cdef uint32_t *location
    cdef size_t size  # rows, the empty stack included
    cdef size_t capacity
    cdef IdMap children  # (parent, location) -> row

    cdef uint32_t stack(self, uint32_t parent, uint32_t location) except? 0
    cdef object to_table(self)
    cdef int _reserve(self) except -1
