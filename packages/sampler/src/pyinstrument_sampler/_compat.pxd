"""The interpreter's frames and threads: declarations of includes/compat.h."""

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t, uintptr_t

cdef extern from "compat.h":
    ctypedef struct PyFrameObject:
        pass
    ctypedef int (*Py_tracefunc)(PyObject *, PyFrameObject *, int, PyObject *) except -1

    PyFrameObject *PyEval_GetFrame()  # borrowed; the thread's newest

cdef extern from "compat.h" nogil:
    ctypedef struct PyThreadState:
        pass
    ctypedef struct pyi_frame:
        PyObject *code
        PyObject *type
        int lasti
        uintptr_t address

    enum:
        PYI_ALL_FRAMES
        PYI_NOT_BEGUN
        PYI_NO_CALL

    PyThreadState *PyThreadState_Get()

    int pyi_compat_init() except -1
    Py_ssize_t pyi_walk(PyThreadState *thread, PyFrameObject *frame, int skip, pyi_frame *out,
                        Py_ssize_t capacity)
    void pyi_add_recursion_room(PyThreadState *thread, int calls)
    PyObject *pyi_generator_of(PyFrameObject *frame)
    PyThreadState *pyi_find_thread(uint64_t id)
    uint64_t pyi_thread_id(PyThreadState *thread)
    unsigned long pyi_thread_ident(PyThreadState *thread)
    PyThreadState *pyi_next_thread(PyThreadState *previous)
    uint64_t pyi_native_id(PyThreadState *thread)
    PyObject *pyi_context_of(PyThreadState *thread)  # a new reference
    PyObject *pyi_thread_dict(PyThreadState *thread)
    int pyi_has_profile_function(PyThreadState *thread, Py_tracefunc function, PyObject *object)
    int pyi_is_profiled(PyThreadState *thread)
    bint pyi_can_profile_others()
    int pyi_set_profile(PyThreadState *thread, Py_tracefunc function, PyObject *object) except -1
    void pyi_columns(PyObject *code, int lasti, int *column, int *end_column)
