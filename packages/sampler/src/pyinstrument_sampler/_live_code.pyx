"""Which addresses are code objects that are alive: what a peeked address is checked against.

A function that only ever runs between two safepoints is never met on a real stack. When such an
address turns up, all functions of the program are looked through, a handful of times a run.
"""

import gc
from types import CodeType, FunctionType

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uintptr_t

from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._id_map cimport NO_ID, id_map_free, id_map_get, id_map_put
from pyinstrument_sampler._timer cimport pyi_monotonic_ns

cdef extern from "Python.h":
    Py_ssize_t Py_REFCNT(PyObject *value)
    PyObject *PyFunction_GetCode(object function)  # borrowed; unlike `__code__`, not audited

cdef int64_t FIRST_GAP_NS = 20_000_000
cdef int64_t SCAN_SHARE = 50  # of the time, at least, no scan runs: this many parts to one
cdef Py_ssize_t MOST_CALLERS = 4


cdef bint is_defined_in(uintptr_t address, const pyi_frame *callers, Py_ssize_t count):
    """Whether the code object at *address* is of a function that a caller defines.

    Such a function (a lambda, up to 3.11 a comprehension) may be gone while its code lives on.
    """
    cdef Py_ssize_t at
    for at in range(count):
        for constant in (<object>callers[at].code).co_consts:
            if type(constant) is CodeType and <uintptr_t><PyObject *>constant == address:
                return True
    return False


cdef class LiveCode:
    """Needs the GIL, which is what keeps alive what is found until it is used."""

    def __cinit__(self, registry):
        self.registry = registry
        self.kept = []
        self.scan_gap_ns = FIRST_GAP_NS

    def __dealloc__(self):
        id_map_free(&self.kept_addresses)

    cdef void clear(self):
        self.kept = []
        id_map_free(&self.kept_addresses)

    cdef uint32_t find(
        self, uintptr_t address, const pyi_frame *callers, Py_ssize_t count
    ) except? 0xFFFFFFFE:
        """Entry in the registry of the code object at an address; NO_ID if none is known there.

        *callers* are living frames that it may have been called from, the likeliest first.
        """
        cdef uint32_t entry
        cdef int64_t began_ns, now_ns
        if address == 0:
            return NO_ID
        entry = id_map_get(&self.registry.code_entries, address)
        if entry != NO_ID:
            # While code is freed, finalizers of its constants run before its weak references are
            # called: still known, and already lost.
            return entry if Py_REFCNT(<PyObject *>address) > 0 else NO_ID
        if is_defined_in(address, callers, min(count, MOST_CALLERS)):
            return self.registry.entry(<PyObject *>address)
        if id_map_get(&self.kept_addresses, address) == NO_ID:
            began_ns = pyi_monotonic_ns()
            if began_ns < self.next_scan_ns:
                return NO_ID
            self._scan()
            # Each makes the next one wait twice as long, and much longer than it took.
            now_ns = pyi_monotonic_ns()
            self.scan_gap_ns = max(2 * self.scan_gap_ns, SCAN_SHARE * (now_ns - began_ns))
            self.next_scan_ns = now_ns + self.scan_gap_ns
            if id_map_get(&self.kept_addresses, address) == NO_ID:
                return NO_ID
        return self.registry.entry(<PyObject *>address)

    cdef int _scan(self) except -1:
        for thing in gc.get_objects():
            if type(thing) is FunctionType:
                code = <object>PyFunction_GetCode(thing)
                if id_map_get(&self.kept_addresses, <uintptr_t><PyObject *>code) == NO_ID:
                    self.kept.append(code)
                    if id_map_put(&self.kept_addresses, <uintptr_t><PyObject *>code, 0) < 0:
                        raise MemoryError()
        return 0
