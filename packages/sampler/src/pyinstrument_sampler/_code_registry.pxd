"""Code objects and types by address, each named once and forgotten when it is freed."""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uintptr_t

from pyinstrument_sampler._id_map cimport IdMap

cdef enum:
    # Instruction offset of a frame of which only the function is known: line 0.
    NO_INSTRUCTION = -2


cdef struct CodeEntry:
    PyObject *code  # whose entry this is
    IdMap places  # (type name, instruction) -> location
    uint32_t serial  # above 0, and never given to another code object
    uint8_t may_idle  # whether an event loop may wait in it


cdef class CodeRegistry:
    cdef readonly object builder  # RecordingBuilder: strings, frames, locations
    cdef object idle_functions
    cdef IdMap code_entries  # address of a living code object -> index in entries
    cdef IdMap serial_entries  # serial number of a living code object -> index in entries
    cdef IdMap type_names  # address of a living type -> id of its name
    cdef CodeEntry *entries
    cdef uint32_t entries_size
    cdef uint32_t entries_capacity
    cdef list free_entries
    cdef uint32_t last_serial
    cdef dict references  # address -> what tells when the object there is freed
    cdef dict natives  # (name, module) -> location

    cdef uint32_t location(self, PyObject *code, PyObject *type, int lasti) except? 0xFFFFFFFF
    cdef uint32_t entry(self, PyObject *code) except? 0xFFFFFFFF
    cdef uint32_t entry_of_serial(self, uint32_t serial)
    cdef uint32_t type_name(self, PyObject *type) except? 0xFFFFFFFF
    cdef uint32_t place(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti
    ) except? 0xFFFFFFFF
    cdef uint32_t exact_place(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti
    ) except? 0xFFFFFFFF
    cdef bint may_idle(self, PyObject *code)
    cdef uint32_t native(self, object callee, PyObject *receiver) except? 0xFFFFFFFF
    cdef uint32_t synthetic(self, str name) except? 0xFFFFFFFF
    cdef void clear(self)

    cdef void _free(self)
    cdef object forget(self, uintptr_t address)
    cdef object _watch(self, PyObject *watched)
    cdef uint32_t _register_code(self, PyObject *code) except? 0xFFFFFFFF
    cdef uint32_t _register_type(self, PyObject *type) except? 0xFFFFFFFF
    cdef uint32_t _locate(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti, int column,
        int end_column,
    ) except? 0xFFFFFFFF
    cdef uint32_t _frame(self, object code, uint32_t entry, uint32_t type_name) except? 0xFFFFFFFF
