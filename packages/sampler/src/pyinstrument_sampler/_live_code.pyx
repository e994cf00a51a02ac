"""Which addresses are code objects that are alive: what a peeked address is checked against.

Most are known from real stacks. A function that only runs between two safepoints is never met
there: its callers or their modules may have it; if not, all functions are looked through.
"""

from types import CodeType

from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport int64_t, uint32_t, uintptr_t
from libc.string cimport memset

from pyinstrument_sampler._compat cimport pyi_frame
from pyinstrument_sampler._id_map cimport NO_ID, id_map_get
from pyinstrument_sampler._timer cimport pyi_monotonic_ns

cdef extern from "Python.h":
    Py_ssize_t Py_REFCNT(PyObject *value)
    void Py_XDECREF(PyObject *value)
    void Py_XINCREF(PyObject *value)
    bint PyDict_CheckExact(PyObject *value)
    bint PyFunction_Check(PyObject *value)
    bint PyType_Check(PyObject *value)
    PyObject *PyDict_GetItem(PyObject *names, object name)
    PyObject *PyFunction_GetCode(object function)  # borrowed; unlike `__code__`, not audited
    PyObject *_PyType_Lookup(PyTypeObject *type, object name)  # borrowed

cdef extern from "live_functions.h":
    void pyi_find_code(const uintptr_t *wanted, int count, PyObject **found)
    void pyi_find_code_of_module(
        PyObject *names, const uintptr_t *wanted, int count, PyObject **found
    )

cdef extern from "peek_target.h":
    PyObject *pyi_frame_globals(uintptr_t frame)
    bint pyi_frame_holds_code(uintptr_t frame, uintptr_t address)

# A search takes milliseconds: not for a few misses, nor for more than this share of the time.
cdef uint32_t ENOUGH_MISSES = 16
cdef int64_t FIRST_GAP_NS = 100_000_000
cdef int64_t SEARCH_SHARE = 300  # parts of the time, at least, to one of searching

# A look at some modules takes some ten microseconds, hundreds where they are large. The first is at
# once, and each makes the next one wait twice as long: a dozen in the first second of a program that
# keeps being unknown.
cdef int64_t LOOK_SHARE = 20


cdef bint is_defined_in(uintptr_t address, const pyi_frame *caller):
    """Whether the code object at *address* is of a function that a caller defines.

    Such a function (a lambda, up to 3.11 a comprehension) may be gone while its code lives on.
    """
    for constant in (<object>caller.code).co_consts:
        if type(constant) is CodeType and <uintptr_t><PyObject *>constant == address:
            return True
    return False


cdef bint is_named_in(uintptr_t address, const pyi_frame *caller, PyObject *names):
    """Whether the code object at *address* is of a function that a caller may call by a name:
    one of its global *names*, a class's ``__init__``, or a method of the caller's own class."""
    cdef PyObject *value
    for name in (<object>caller.code).co_names:
        if names != NULL and PyDict_CheckExact(names):
            value = PyDict_GetItem(names, name)
            if has_code(value, address):
                return True
            if value != NULL and PyType_Check(value):
                if has_code(_PyType_Lookup(<PyTypeObject *>value, "__init__"), address):
                    return True
        if caller.type != NULL:
            value = _PyType_Lookup(<PyTypeObject *>caller.type, name)
            if has_code(value, address):
                return True
            if value != NULL and type(<object>value) is property:
                if has_code(<PyObject *>(<object>value).fget, address):
                    return True
    return False


cdef bint has_code(PyObject *value, uintptr_t address):
    return (
        value != NULL
        and PyFunction_Check(value)
        and <uintptr_t>PyFunction_GetCode(<object>value) == address
    )


cdef class LiveCode:
    """Needs the GIL, which is what keeps alive what is found until it is used."""

    def __cinit__(self, registry):
        self.registry = registry
        self.search_gap_ns = FIRST_GAP_NS
        self.next_search_ns = pyi_monotonic_ns() + FIRST_GAP_NS

    cdef void hold_callers(self, const pyi_frame *callers, Py_ssize_t count):
        """Remembers where frames look names up. To name what is new may let their thread run on,
        out of these frames: this comes first. ``release_callers``."""
        cdef Py_ssize_t at
        for at in range(min(count, MOST_CALLERS)):
            if callers[at].lasti >= 0:
                self.names[at] = pyi_frame_globals(callers[at].address)
                Py_XINCREF(self.names[at])

    cdef void release_callers(self):
        cdef PyObject *names
        cdef Py_ssize_t at
        for at in range(MOST_CALLERS):
            names = self.names[at]
            self.names[at] = NULL
            Py_XDECREF(names)

    cdef uint32_t known(self, uintptr_t address):
        """Entry in the registry of the code object at an address; NO_ID if none has been met."""
        cdef uint32_t entry = id_map_get(&self.registry.code_entries, address)
        # While code is freed, finalizers of its constants run before its weak references are
        # called: still known, and already lost.
        return entry if entry != NO_ID and Py_REFCNT(<PyObject *>address) > 0 else NO_ID

    cdef uint32_t find(
        self, uintptr_t address, const pyi_frame *callers, Py_ssize_t count
    ) except? 0xFFFFFFFE:
        """Entry in the registry of the code object at an address; NO_ID if none is known there.

        *callers* are the frames that are held, which it may have been called from, the likeliest
        first.
        """
        cdef uint32_t entry = self.known(address)
        cdef Py_ssize_t at
        if entry != NO_ID or address == 0:
            return entry
        for at in range(min(count, MOST_CALLERS)):
            if (
                # Another thread may have run on, out of its frames, while new code was named.
                (self.are_callers_here and pyi_frame_holds_code(callers[at].address, address))
                or is_defined_in(address, &callers[at])
                or is_named_in(address, &callers[at], self.names[at])
            ):
                self.registry.entry(<PyObject *>address)
                return self.known(address)  # to watch it may have run the collector
        self.wanted[self.misses % MOST_WANTED] = address
        self.misses += 1
        if pyi_monotonic_ns() >= self.next_look_ns:
            self._look_around()
            entry = self.known(address)
        if entry == NO_ID and self.misses >= ENOUGH_MISSES:
            if pyi_monotonic_ns() >= self.next_search_ns:
                self._search()
                entry = self.known(address)
        return entry

    cdef int _look_around(self) except -1:
        """Looks for what is wanted in the modules of the callers."""
        cdef PyObject *found[MOST_WANTED]
        cdef int at
        cdef int64_t began_ns = pyi_monotonic_ns()
        cdef PyObject *last = NULL
        memset(found, 0, sizeof(found))
        for at in range(MOST_CALLERS):
            if self.names[at] != NULL and self.names[at] != last:
                last = self.names[at]
                if PyDict_CheckExact(last):
                    pyi_find_code_of_module(last, self.wanted, MOST_WANTED, found)
        if last == NULL:
            return 0  # nobody's modules: that was no look, and delays none
        self._learn(found)
        cdef int64_t ended_ns = pyi_monotonic_ns()
        self.look_gap_ns = max(2 * self.look_gap_ns, LOOK_SHARE * (ended_ns - began_ns))
        self.next_look_ns = ended_ns + self.look_gap_ns
        return 0

    cdef int _search(self) except -1:
        """Looks for what is wanted among all functions."""
        cdef PyObject *found[MOST_WANTED]
        cdef int64_t began_ns = pyi_monotonic_ns()
        memset(found, 0, sizeof(found))
        pyi_find_code(self.wanted, MOST_WANTED, found)
        self._learn(found)
        # Each makes the next one wait twice as long, and much longer than it took.
        cdef int64_t ended_ns = pyi_monotonic_ns()
        self.search_gap_ns = max(2 * self.search_gap_ns, SEARCH_SHARE * (ended_ns - began_ns))
        self.next_search_ns = ended_ns + self.search_gap_ns
        self.misses = 0
        return 0

    cdef int _learn(self, PyObject **found) except -1:
        """Enters what was found in the registry, and lets go of it."""
        cdef int at
        try:
            for at in range(MOST_WANTED):
                if found[at] != NULL:
                    self.registry.entry(found[at])
        finally:
            for at in range(MOST_WANTED):
                Py_XDECREF(found[at])
        return 0
