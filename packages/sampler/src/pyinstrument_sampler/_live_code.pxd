"""Which addresses are code objects that are alive: what a peeked address is checked against."""

from libc.stdint cimport int64_t, uint32_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._id_map cimport IdMap


cdef class LiveCode:
    cdef CodeRegistry registry
    cdef IdMap kept_addresses
    cdef list kept  # code objects that a scan found, so that they stay alive
    cdef int64_t next_scan_ns
    cdef int64_t scan_gap_ns

    cdef uint32_t find(
        self, uintptr_t address, const pyi_frame *callers, Py_ssize_t count
    ) except? 0xFFFFFFFE
    cdef void clear(self)
    cdef int _scan(self) except -1
