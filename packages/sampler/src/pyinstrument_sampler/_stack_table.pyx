"""Stacks as a prefix tree of (parent, location): any stack is one integer."""

from array import array

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free, realloc

from pyinstrument_sampler._id_map cimport (
    NO_ID,
    id_map_free,
    id_map_get,
    id_map_put,
)

from pyinstrument_sampler.recording import StackTable


cdef class NativeStackTable:
    """Grows by one row for every new stack; rows never change."""

    def __cinit__(self):
        self._reserve()
        self.parent[0] = 0
        self.location[0] = 0
        self.size = 1

    def __dealloc__(self):
        free(self.parent)
        free(self.location)
        id_map_free(&self.children)

    cdef int _reserve(self) except -1:
        cdef size_t capacity = 2 * self.capacity if self.capacity else 256
        cdef uint32_t *parent = <uint32_t *>realloc(self.parent, capacity * sizeof(uint32_t))
        if parent == NULL:
            raise MemoryError()
        self.parent = parent
        cdef uint32_t *location = <uint32_t *>realloc(self.location, capacity * sizeof(uint32_t))
        if location == NULL:
            raise MemoryError()
        self.location = location
        self.capacity = capacity
        return 0

    cdef uint32_t stack(self, uint32_t parent, uint32_t location) except? 0:
        """Row of the stack that is *parent* with one location on top."""
        cdef uint64_t key = (<uint64_t>parent << 32) | (location + 1)  # never 0
        cdef uint32_t row = id_map_get(&self.children, key)
        if row != NO_ID:
            return row
        if self.size == self.capacity:
            self._reserve()
        row = <uint32_t>self.size
        if id_map_put(&self.children, key, row) < 0:
            raise MemoryError()
        self.parent[row] = parent
        self.location[row] = location
        self.size += 1
        return row

    cdef object to_table(self):
        """The rows so far, as the recording has them."""
        parent = array("I")
        location = array("I")
        cdef Py_ssize_t length = self.size * sizeof(uint32_t)
        parent.frombytes(<bytes>(<char *>self.parent)[:length])
        location.frombytes(<bytes>(<char *>self.location)[:length])
        return StackTable(parent, location)
