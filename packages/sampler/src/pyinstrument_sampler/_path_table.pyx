"""Paths of code objects that are known to have happened, as a prefix tree.

What was peeked at without proof is believed only if its whole path is here. Unlike stacks, paths
know no lines, so that a program's paths are learned within milliseconds.
"""

from cpython.object cimport PyObject
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free, realloc

from pyinstrument_sampler._code_registry cimport NO_INSTRUCTION
from pyinstrument_sampler._id_map cimport NO_ID, id_map_free, id_map_get, id_map_put

cdef extern from "Python.h":
    ctypedef struct PyCodeObject:
        pass
    int PyCode_Addr2Line(PyCodeObject *code, int lasti)

cdef uint32_t MIXED_TYPES = 0xFFFFFFFF
cdef uint32_t SEVERAL = 0xFFFFFFFE


cdef class PathTable:
    """Path 0 is the empty one; NO_ID stands for a path that is not known."""

    def __cinit__(self):
        self.size = 1

    def __dealloc__(self):
        id_map_free(&self.children)
        id_map_free(&self.callers)
        free(self.serials)
        free(self.type_names)
        free(self.calls)

    cdef uint32_t find(self, uint32_t parent, uint32_t serial):
        """The path that is *parent* with one code object on top."""
        return id_map_get(&self.children, (<uint64_t>parent << 32) | serial)

    cdef uint32_t learn(self, uint32_t parent, uint32_t serial, uint32_t type_name) except? 0:
        """The same path, entered if it is new. *serial* must not be 0."""
        cdef uint64_t key = (<uint64_t>parent << 32) | serial
        cdef uint32_t path = id_map_get(&self.children, key)
        if path == NO_ID:
            if self.size >= self.capacity:
                self._grow()
            path = self.size
            self._note_caller(serial, self.serials[parent])
            if id_map_put(&self.children, key, path) < 0:
                raise MemoryError()
            self.size += 1
            self.serials[path] = serial
            self.type_names[path] = 0
            self.calls[path] = NO_CALL_SEEN
        if type_name and self.type_names[path] != type_name:
            self.type_names[path] = MIXED_TYPES if self.type_names[path] else type_name
        return path

    cdef int _note_caller(self, uint32_t serial, uint32_t caller) except -1:
        cdef uint32_t seen = id_map_get(&self.callers, serial)
        if seen != caller and seen != SEVERAL:
            if id_map_put(&self.callers, serial, caller if seen == NO_ID else SEVERAL) < 0:
                raise MemoryError()
        return 0

    cdef uint32_t only_caller(self, uint32_t serial):
        """The one code object that has ever called another; 0 if there is none, or several."""
        cdef uint32_t caller = id_map_get(&self.callers, serial)
        return 0 if caller == NO_ID or caller == SEVERAL else caller

    cdef int _grow(self) except -1:
        cdef uint32_t capacity = 2 * self.size + 256
        serials = <uint32_t *>realloc(self.serials, capacity * sizeof(uint32_t))
        if serials == NULL:
            raise MemoryError()
        self.serials = serials
        self.serials[0] = 0
        type_names = <uint32_t *>realloc(self.type_names, capacity * sizeof(uint32_t))
        if type_names == NULL:
            raise MemoryError()
        self.type_names = type_names
        calls = <int *>realloc(self.calls, capacity * sizeof(int))
        if calls == NULL:
            raise MemoryError()
        self.calls = calls
        self.capacity = capacity
        return 0

    cdef void note_call(self, uint32_t path, PyObject *caller, int lasti):
        """Remembers where *caller*, the path's last code but one, was when it called the last."""
        cdef int seen = self.calls[path]
        if seen == lasti or seen == NO_INSTRUCTION:
            return
        self.calls[path] = lasti
        # One line has several instructions, and one that was adapted stands where its caches end.
        code = <PyCodeObject *>caller
        if seen != NO_CALL_SEEN and PyCode_Addr2Line(code, seen) != PyCode_Addr2Line(code, lasti):
            self.calls[path] = NO_INSTRUCTION

    cdef int call(self, uint32_t path):
        """Where that always was; NO_INSTRUCTION on several lines, NO_CALL_SEEN if never noted."""
        return self.calls[path]

    cdef uint32_t type_name(self, uint32_t path):
        """The class that a path's newest frame has always had; 0 if it had none, or several."""
        cdef uint32_t name = self.type_names[path]
        return 0 if name == MIXED_TYPES else name
