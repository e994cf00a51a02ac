"""Code objects and types by address, each named once and forgotten when it is freed."""

import weakref

from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport free, realloc
from libc.string cimport memset

from pyinstrument_sampler._compat cimport pyi_columns
from pyinstrument_sampler._id_map cimport (
    NO_ID,
    IdMap,
    id_map_forget,
    id_map_free,
    id_map_get,
    id_map_put,
)

cdef extern from "Python.h":
    ctypedef struct PyCodeObject:
        pass
    int PyCode_Addr2Line(PyCodeObject *code, int offset)
    bint PyCFunction_Check(PyObject *callee)
    bint PyModule_Check(PyObject *value)
    bint PyType_Check(PyObject *value)

# Not `cls.__qualname__`, `cls.__module__`: a metaclass may have put something else, or code, there.
cdef object TYPE_QUALNAME = type.__dict__["__qualname__"].__get__
cdef object TYPE_MODULE = type.__dict__["__module__"].__get__

# In `CodeEntry.places`, instead of an instruction: the frame itself.
cdef uint32_t WHOLE_FRAME = 0xFFFFFFFF
# In there, beside an instruction: the location has columns.
cdef uint32_t EXACT = 0x80000000


cdef object type_module(object owner):
    try:
        return TYPE_MODULE(owner)
    except AttributeError:  # the program has deleted it
        return None


cdef class _Forgetter:
    """Called when a registered object is freed: its address may then become another's."""

    cdef CodeRegistry registry
    cdef uintptr_t address

    def __call__(self, reference):
        self.registry.forget(self.address)


cdef class CodeRegistry:
    """Turns (code, type, instruction) into location ids of a ``RecordingBuilder``.

    Objects are held by weak references, so that code which is made and freed neither piles up
    nor is mistaken for what gets its address next.
    """

    def __cinit__(self, builder, idle_functions):
        self.builder = builder
        self.idle_functions = idle_functions
        self.free_entries = []
        self.references = {}
        self.natives = {}

    def __dealloc__(self):
        self._free()

    cdef void clear(self):
        """Lets go of everything; ids given so far stay valid in the builder."""
        self.references.clear()
        self._free()

    cdef void _free(self):
        cdef uint32_t index
        for index in range(self.entries_size):
            id_map_free(&self.entries[index].places)
        free(self.entries)
        self.entries = NULL
        self.entries_size = self.entries_capacity = 0
        id_map_free(&self.code_entries)
        id_map_free(&self.serial_entries)
        id_map_free(&self.type_names)
        self.free_entries = []

    cdef uint32_t location(self, PyObject *code, PyObject *type, int lasti) except? 0xFFFFFFFF:
        """Location of an instruction; *type*, where not NULL, tells the class.

        Both must be kept alive by the caller. Runs Python code only for what is seen first.
        """
        cdef uint32_t name = self.type_name(type) if type != NULL else 0
        return self.place(code, self.entry(code), name, lasti)

    cdef uint32_t entry(self, PyObject *code) except? 0xFFFFFFFF:
        """Index in ``entries`` of a code object, which is registered if it is new."""
        cdef uint32_t entry = id_map_get(&self.code_entries, <uintptr_t>code)
        return self._register_code(code) if entry == NO_ID else entry

    cdef uint32_t entry_of_serial(self, uint32_t serial):
        """Index in ``entries`` of the code object with a serial number; NO_ID if it is gone."""
        return id_map_get(&self.serial_entries, serial)

    cdef uint32_t type_name(self, PyObject *type) except? 0xFFFFFFFF:
        """String id of a type's name; the type is registered if it is new."""
        cdef uint32_t name = id_map_get(&self.type_names, <uintptr_t>type)
        return self._register_type(type) if name == NO_ID else name

    cdef uint32_t place(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti
    ) except? 0xFFFFFFFF:
        """Location of an instruction, of a code object that is registered as *entry*.

        The caller holds it: to name what is new may run the collector.
        """
        cdef uint64_t key = (<uint64_t>type_name << 32) | <uint32_t>(lasti + 3)  # never 0
        cdef uint32_t location = id_map_get(&self.entries[entry].places, key)
        if location == NO_ID:
            location = self._locate(code, entry, type_name, lasti, 0, 0)
            if id_map_put(&self.entries[entry].places, key, location) < 0:
                raise MemoryError()
        return location

    cdef uint32_t exact_place(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti
    ) except? 0xFFFFFFFF:
        """The same with its columns: for the newest frame only, or two calls in a line that
        recurses would make a stack of its own of each way through them."""
        cdef uint64_t key = (<uint64_t>type_name << 32) | EXACT | <uint32_t>(lasti + 3)
        cdef uint32_t location = id_map_get(&self.entries[entry].places, key)
        cdef int column, end_column
        if location == NO_ID:
            pyi_columns(code, lasti, &column, &end_column)
            location = self._locate(code, entry, type_name, lasti, column, end_column)
            if id_map_put(&self.entries[entry].places, key, location) < 0:
                raise MemoryError()
        return location

    cdef uint32_t _locate(
        self, PyObject *code, uint32_t entry, uint32_t type_name, int lasti, int column,
        int end_column,
    ) except? 0xFFFFFFFF:
        cdef int line = 0
        if lasti != NO_INSTRUCTION:
            line = max(PyCode_Addr2Line(<PyCodeObject *>code, lasti), 0)
        frame = self._frame(<object>code, entry, type_name)
        return self.builder.location(frame, line, column, end_column)

    cdef bint may_idle(self, PyObject *code):
        """Whether a registered code object is one in which event loops wait."""
        cdef uint32_t entry = id_map_get(&self.code_entries, <uintptr_t>code)
        return entry != NO_ID and self.entries[entry].may_idle

    cdef uint32_t native(self, object callee, PyObject *receiver) except? 0xFFFFFFFF:
        """Location of a function without Python code; *receiver* is its first argument or NULL."""
        owner = None
        module = None
        if PyCFunction_Check(<PyObject *>callee):
            holder = callee.__self__
            if holder is not None and not PyModule_Check(<PyObject *>holder):
                owner = holder if PyType_Check(<PyObject *>holder) else type(holder)
            module = callee.__module__
        else:
            # A method descriptor, which other hooks see bound: named by the receiver's type.
            owner = type(<object>receiver) if receiver != NULL else callee.__objclass__
        name = callee.__name__
        if owner is not None:
            name = f"{TYPE_QUALNAME(owner)}.{name}"
            if module is None:
                module = type_module(owner)
        if type(module) is not str or module == "builtins":
            module = None
        key = (name, module)
        location = self.natives.get(key)
        if location is None:
            location = self.builder.location(self.builder.native_frame(name, module))
            self.natives[key] = location
        return location

    cdef uint32_t synthetic(self, str name) except? 0xFFFFFFFF:
        """Location of a frame that is no function."""
        return self.builder.location(self.builder.synthetic_frame(name))

    cdef object forget(self, uintptr_t address):
        cdef uint32_t entry = id_map_get(&self.code_entries, address)
        if entry != NO_ID:
            id_map_forget(&self.code_entries, address)
            id_map_forget(&self.serial_entries, self.entries[entry].serial)
            id_map_free(&self.entries[entry].places)
            self.free_entries.append(entry)
        id_map_forget(&self.type_names, address)
        self.references.pop(address, None)

    cdef object _watch(self, PyObject *watched):
        cdef _Forgetter forgetter = _Forgetter.__new__(_Forgetter)
        forgetter.registry = self
        forgetter.address = <uintptr_t>watched
        self.references[<uintptr_t>watched] = weakref.ref(<object>watched, forgetter)

    cdef uint32_t _register_code(self, PyObject *code) except? 0xFFFFFFFF:
        cdef uint32_t entry
        cdef uint32_t capacity
        cdef CodeEntry *entries
        held = <object>code  # a peeked one may have no owner but garbage, until it is entered below
        if self.free_entries:
            entry = self.free_entries.pop()
        else:
            if self.entries_size == self.entries_capacity:
                capacity = 2 * self.entries_capacity if self.entries_capacity else 64
                entries = <CodeEntry *>realloc(self.entries, capacity * sizeof(CodeEntry))
                if entries == NULL:
                    raise MemoryError()
                self.entries = entries
                self.entries_capacity = capacity
            entry = self.entries_size
            self.entries_size += 1
        memset(&self.entries[entry], 0, sizeof(CodeEntry))
        self.last_serial += 1
        self.entries[entry].serial = self.last_serial
        self.entries[entry].may_idle = held.co_name in self.idle_functions
        self._watch(code)
        self.entries[entry].code = code
        if id_map_put(&self.serial_entries, self.last_serial, entry) < 0:
            raise MemoryError()
        if id_map_put(&self.code_entries, <uintptr_t>code, entry) < 0:
            raise MemoryError()
        return entry

    cdef uint32_t _register_type(self, PyObject *type) except? 0xFFFFFFFF:
        # The C name: `__name__` can be overridden by a metaclass, that is, by code of the program.
        name = (<bytes>(<PyTypeObject *>type).tp_name).decode("utf-8", "replace")
        cdef uint32_t name_id = self.builder.string(name.rpartition(".")[2])
        self._watch(type)
        if id_map_put(&self.type_names, <uintptr_t>type, name_id) < 0:
            raise MemoryError()
        return name_id

    cdef uint32_t _frame(self, object code, uint32_t entry, uint32_t type_name) except? 0xFFFFFFFF:
        """Frame id of a code object with a class's name."""
        cdef uint64_t key = (<uint64_t>type_name << 32) | WHOLE_FRAME
        cdef uint32_t frame = id_map_get(&self.entries[entry].places, key)
        if frame == NO_ID:
            variables = code.co_varnames + code.co_cellvars
            frame = self.builder.frame(
                code.co_name,
                code.co_filename,
                code.co_firstlineno,
                qualname=getattr(code, "co_qualname", ""),
                class_name=self.builder.text(type_name),
                hidden="__tracebackhide__" in variables or "__traceback_hide__" in variables,
            )
            if id_map_put(&self.entries[entry].places, key, frame) < 0:
                raise MemoryError()
        return frame
