"""The functions without Python code that a thread was in, by the instruction that called them.

``call_names`` tells them, once per site; where it has but an attribute's name, that may be a Python
function which is just being called, unless the interpreter has adapted to C, or nothing moves.
"""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uint64_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._id_map cimport NO_ID, id_map_free, id_map_get, id_map_put
from pyinstrument_sampler._safepoint cimport PYI_CALL_NATIVE, PYI_CALL_UNKNOWN, pyi_call_kind

from pyinstrument_sampler._call_names import callee_of

cdef extern from "peek_target.h":
    PyObject *pyi_frame_globals(uintptr_t frame)
    PyObject *pyi_frame_builtins(uintptr_t frame)

# A thread that waits for a processor stands still too, but hardly for so long.
cdef int64_t SURELY_STILL_NS = 20_000_000


cdef class CallSites:
    """Locations of one run."""

    def __cinit__(self, registry):
        self.registry = registry

    def __dealloc__(self):
        id_map_free(&self.sites)
        id_map_free(&self.names)

    cdef uint32_t leaf(
        self, PyObject *code, uint32_t serial, int lasti, uintptr_t frame, int64_t still_ns
    ) except? 0xFFFFFFFF:
        """Location of what a living frame called at *lasti*, or NO_CALL."""
        cdef uint64_t key = (<uint64_t>serial << 32) | <uint32_t>lasti
        cdef int kind
        cdef uint32_t location = id_map_get(&self.sites, key)
        if location == NO_ID:
            self._learn(<object>code, lasti, key, frame)
            location = id_map_get(&self.sites, key)
        if location == NO_CALL:
            kind = pyi_call_kind(code, lasti)
            if kind == PYI_CALL_NATIVE or (
                kind == PYI_CALL_UNKNOWN and still_ns >= SURELY_STILL_NS
            ):
                location = id_map_get(&self.names, key)
                return NO_CALL if location == NO_ID else location
        return location

    cdef int _learn(self, object code, int lasti, uint64_t key, uintptr_t frame) except -1:
        cdef uint32_t location = NO_CALL
        callee = callee_of(
            code, lasti, <object>pyi_frame_globals(frame), <object>pyi_frame_builtins(frame)
        )
        if callee is not None:
            function, name = callee
            if function is not None:
                location = self.registry.native(function, NULL)
            else:
                builder = self.registry.builder
                named = builder.location(builder.native_frame(name, None))
                if id_map_put(&self.names, key, named) < 0:
                    raise MemoryError()
        if id_map_put(&self.sites, key, location) < 0:
            raise MemoryError()
        return 0
