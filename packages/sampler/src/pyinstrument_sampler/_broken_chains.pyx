"""Stacks of peeked chains that broke off at a generator's frame.

One that yields is unlinked at once, often before its caller was read. Where only one function ever
called this generator, what was read goes onto the real frame of that; else it stays untold.
"""

from cpython.object cimport PyObject
from libc.stdint cimport uint32_t, uintptr_t

from pyinstrument_sampler._code_registry cimport CodeRegistry
from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._id_map cimport NO_ID
from pyinstrument_sampler._live_code cimport LiveCode
from pyinstrument_sampler._path_table cimport NO_CALL_SEEN, PathTable
from pyinstrument_sampler._safepoint cimport PYI_PEEK_FRAMES, pyi_peek, pyi_peeked_lasti


cdef extern from "Python.h":
    int CO_GENERATOR
    int CO_COROUTINE
    int CO_ASYNC_GENERATOR
    ctypedef struct PyCodeObject:
        int co_flags
    void Py_INCREF(PyObject *value)
    void Py_DECREF(PyObject *value)


cdef enum:
    NOWHERE = -1
    SOMEWHERE = -2


cdef bint is_generator(PyObject *code):
    """Or a coroutine: whether its frames can be left without returning."""
    return (
        (<PyCodeObject *>code).co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0
    )


cdef class BrokenChains:
    def __cinit__(self, live, paths, registry, table):
        self.live = live
        self.paths = paths
        self.registry = registry
        self.table = table

    cdef uint32_t stack(
        self, const pyi_peek *peek, const pyi_frame *frames, Py_ssize_t count, uintptr_t own_code
    ) except? 0xFFFFFFFF:
        """Stack id of a tick whose peek has no frame of the real stack; 0 if it is not known.

        *frames* is that stack, newest first; its code is registered.
        """
        cdef Py_ssize_t junction
        self._read(peek, own_code)
        try:
            junction = self._junction(frames, count)
            while junction == NOWHERE and self._add_caller():
                junction = self._junction(frames, count)
            return 0 if junction < 0 else self._put(frames, count, junction)
        finally:
            self._release()

    cdef void _read(self, const pyi_peek *peek, uintptr_t own_code):
        """Fills ``chain`` with what was peeked at up to a generator, and holds it."""
        cdef Py_ssize_t at
        self.size = 0
        if peek.count < PYI_PEEK_FRAMES:  # else deep, not broken
            for at in range(peek.count):
                if at > 0 and own_code != 0 and peek.frames[at].code == own_code:
                    continue
                if not self._add(
                    self.live.known(peek.frames[at].code), peek.frames[at].instruction
                ):
                    break
            if self.size > 0 and not is_generator(self.chain[self.size - 1].code):
                self._release()
        self.size_read = self.size

    cdef bint _add(self, uint32_t entry, uintptr_t instruction):
        """Adds the caller of what was added last, and holds it; whether there is one."""
        cdef ChainFrame *added = &self.chain[self.size]
        if entry == NO_ID:
            return False
        added.code = self.registry.entries[entry].code
        added.entry = entry
        added.instruction = instruction
        Py_INCREF(added.code)
        self.size += 1
        return True

    cdef bint _add_caller(self):
        """Adds the only caller of the last generator, if it is one too: both were left."""
        cdef uint32_t entry = self.registry.entry_of_serial(self._only_caller())
        if entry == NO_ID or self.size == PYI_PEEK_FRAMES:
            return False
        return is_generator(self.registry.entries[entry].code) and self._add(
            self.live.known(<uintptr_t>self.registry.entries[entry].code), 0
        )

    cdef void _release(self):
        cdef PyObject *code
        while self.size > 0:
            self.size -= 1
            code = self.chain[self.size].code
            Py_DECREF(code)

    cdef uint32_t _serial(self, Py_ssize_t at):
        return self.registry.entries[self.chain[at].entry].serial

    cdef uint32_t _only_caller(self):
        """Serial number of the one function that ever called the last generator; 0: there is none.

        Of several callers one may have been left together with the generator: no telling.
        """
        return 0 if self.size == 0 else self.paths.only_caller(self._serial(self.size - 1))

    cdef Py_ssize_t _junction(self, const pyi_frame *frames, Py_ssize_t count) except? -3:
        """Place of the real frame that the chain was on; NOWHERE, or SOMEWHERE of several."""
        cdef uint32_t path = 0
        cdef uint32_t serial
        cdef uint32_t caller = self._only_caller()
        cdef Py_ssize_t at
        cdef Py_ssize_t junction = NOWHERE
        if caller == 0:
            return NOWHERE
        for at in range(count - 1, -1, -1):
            if frames[at].lasti < 0:
                continue
            serial = self.registry.entries[self.registry.entry(frames[at].code)].serial
            path = self.paths.find(path, serial)
            if serial == caller and self._is_known(path):
                if junction >= 0:
                    return SOMEWHERE
                junction = at
        return junction

    cdef bint _is_known(self, uint32_t path):
        """Whether the chain has been seen on top of a path, and where each frame was called."""
        cdef Py_ssize_t at
        for at in range(self.size - 1, -1, -1):
            path = self.paths.find(path, self._serial(at))
            if path == NO_ID or self.paths.call(path) == NO_CALL_SEEN:
                return False
        return True

    cdef uint32_t _put(
        self, const pyi_frame *frames, Py_ssize_t count, Py_ssize_t junction
    ) except? 0xFFFFFFFF:
        """Stack of the real frames from the root to *junction*, and the chain on them."""
        cdef uint32_t stack = 0
        cdef uint32_t path = 0
        cdef uint32_t entry, name, place
        cdef Py_ssize_t at
        cdef int lasti
        for at in range(count - 1, junction - 1, -1):
            lasti = frames[at].lasti
            if lasti < 0:
                continue
            code = frames[at].code
            entry = self.registry.entry(code)
            path = self.paths.find(path, self.registry.entries[entry].serial)
            if at == junction:
                lasti = self.paths.call(self.paths.find(path, self._serial(self.size - 1)))
            name = 0
            if frames[at].type != NULL:
                name = self.registry.type_name(frames[at].type)
            stack = self.table.stack(stack, self.registry.place(code, entry, name, lasti))
        for at in range(self.size - 1, -1, -1):
            code = self.chain[at].code
            path = self.paths.find(path, self._serial(at))
            lasti = pyi_peeked_lasti(code, self.chain[at].instruction)
            if at > 0 and at >= self.size_read - 1:
                # Not read, or only after the generator had gone on: the chain broke off there.
                lasti = self.paths.call(self.paths.find(path, self._serial(at - 1)))
            if lasti == NO_CALL_SEEN:
                break
            entry = self.chain[at].entry
            name = self.paths.type_name(path)
            if at > 0:
                place = self.registry.place(code, entry, name, lasti)
            else:
                place = self.registry.exact_place(code, entry, name, lasti)
            stack = self.table.stack(stack, place)
        return stack
