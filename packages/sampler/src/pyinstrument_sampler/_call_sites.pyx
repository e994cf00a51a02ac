"""The functions without Python code that a thread was in, by the instruction that called them.

``call_names`` tells them; where it has but an attribute's name, that may be a Python
function which is just being called, unless the interpreter has adapted to C, or nothing moves.
"""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._safepoint cimport PYI_CALL_NATIVE, PYI_CALL_UNKNOWN, pyi_call_kind

from pyinstrument_sampler._call_names import callee_of, is_call, loads_of_callee

cdef extern from "positions.h":
    ctypedef struct pyi_span:
        int first
        int count
        int end_line
        int end_column
    int pyi_spans_of_callee(PyObject *code, int call, pyi_span *out, int capacity)

cdef enum:
    MOST_SPANS = 64  # of one call: a longer chain of calls and attributes is not followed

# A thread that waits for a processor stands still too, but hardly for so long.
cdef int64_t SURELY_STILL_NS = 20_000_000


cdef list loads_of(object code, int lasti):
    """How the instruction at *lasti* comes by what it calls; empty if it calls nothing."""
    cdef pyi_span spans[MOST_SPANS]
    cdef int at, count
    units = code.co_code
    if not is_call(units, lasti):
        return []
    count = pyi_spans_of_callee(<PyObject *>code, lasti // 2, spans, MOST_SPANS)
    found = [
        (spans[at].first, spans[at].count, spans[at].end_line, spans[at].end_column)
        for at in range(count)
    ]
    return loads_of_callee(code, units, found)


cdef class CallSites:
    """How each site comes by its callee is found out once; what that is, each time."""

    def __cinit__(self, registry):
        self.registry = registry
        self.loads = {}

    cdef uint32_t leaf(
        self,
        PyObject *code,
        uint32_t serial,
        int lasti,
        object global_names,
        object builtins,
        int64_t still_ns,
    ) except? 0xFFFFFFFF:
        """Location of what is called at *lasti*, or NO_CALL."""
        cdef int kind
        key = (serial, lasti)
        loads = self.loads.get(key)
        if loads is None:
            loads = self.loads[key] = loads_of(<object>code, lasti)
        if not loads:
            return NO_CALL
        try:
            callee = callee_of(loads, global_names, builtins)
        except TypeError:  # names that are looked up in something else than a dictionary
            return NO_CALL
        if callee is None:
            return NO_CALL
        function, name = callee
        if function is not None:
            return self.registry.native(function, NULL)
        kind = pyi_call_kind(code, lasti)
        if kind == PYI_CALL_NATIVE or (kind == PYI_CALL_UNKNOWN and still_ns >= SURELY_STILL_NS):
            builder = self.registry.builder
            return builder.location(builder.native_frame(name, None))
        return NO_CALL
