/* See compat.h. Layouts: 3.8 to 3.10 chain PyFrameObjects; 3.11 on chain _PyInterpreterFrames,
 * read here through the interpreter's own headers, since asking for frame objects would allocate
 * one for every frame of every sample. A version newer than those tried uses the public calls.
 */
#define Py_BUILD_CORE 1
#include "compat.h"

#if PY_VERSION_HEX >= 0x03100000
#define PYI_PUBLIC_FRAMES
#elif PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_code.h>
#include <internal/pycore_frame.h>
#include <internal/pycore_interpframe.h>
#define PYI_INTERPRETER_FRAMES
#elif PY_VERSION_HEX >= 0x030B0000
#include <internal/pycore_code.h>
#include <internal/pycore_frame.h>
#define PYI_INTERPRETER_FRAMES
#endif

/* 3.12 made a call public that sets a profile function on all threads. This is the one below it,
 * for one thread: the public one would take away what others have set. */
#if PY_VERSION_HEX >= 0x030C0000 && !defined(PYI_PUBLIC_FRAMES)
#include <internal/pycore_ceval.h>
#define PYI_PROFILES_OTHERS
#endif

static PyObject *name_self;
static PyObject *name_cls;

int pyi_compat_init(void)
{
    /* Names in code objects are interned, so comparing addresses is comparing names. */
    if (name_self == NULL) {
        name_self = PyUnicode_InternFromString("self");
    }
    if (name_cls == NULL) {
        name_cls = PyUnicode_InternFromString("cls");
    }
    return name_self != NULL && name_cls != NULL ? 0 : -1;
}

/* The type that a first argument of this name and value tells: borrowed, or NULL. */
static PyObject *type_told_by(PyObject *name, PyObject *value)
{
    if (value == NULL) {
        return NULL; /* deleted, or not yet moved to its cell */
    }
    if (name == name_self) {
        return (PyObject *)Py_TYPE(value);
    }
    return name == name_cls && PyType_Check(value) ? value : NULL;
}

static void put(pyi_frame *out, PyObject *code, PyObject *type, int lasti, const void *address)
{
    Py_INCREF(code);
    Py_XINCREF(type);
    out->code = code;
    out->type = type;
    out->lasti = lasti;
    out->address = (uintptr_t)address;
}

#if defined(PYI_INTERPRETER_FRAMES)

static _PyInterpreterFrame *newest(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030D0000
    return thread->current_frame;
#else
    return thread->cframe->current_frame;
#endif
}

static PyCodeObject *code_of(_PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    return _PyFrame_GetCode(frame);
#else
    return frame->f_code;
#endif
}

/* Whether it stands for C code, and has no code object. */
static int is_shim(_PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return frame->owner >= FRAME_OWNED_BY_INTERPRETER;
#elif PY_VERSION_HEX >= 0x030C0000
    return frame->owner >= FRAME_OWNED_BY_CSTACK;
#else
    (void)frame;
    return 0;
#endif
}

/* Whether it is what the interpreter itself runs between a class and its `__init__`. */
static int is_own(PyCodeObject *code)
{
#ifdef CO_NO_MONITORING_EVENTS
    return (code->co_flags & CO_NO_MONITORING_EVENTS) != 0;
#else
    (void)code;
    return 0;
#endif
}

static PyObject *first_local(_PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return PyStackRef_AsPyObjectBorrow(frame->localsplus[0]);
#else
    return frame->localsplus[0];
#endif
}

static PyObject *type_in(_PyInterpreterFrame *frame, PyCodeObject *code)
{
    PyObject *name, *value;
    if (code->co_argcount == 0) {
        return NULL;
    }
    name = PyTuple_GET_ITEM(code->co_localsplusnames, 0);
    if (name != name_self && name != name_cls) {
        return NULL;
    }
    value = first_local(frame);
    if (value != NULL && PyCell_Check(value) &&
        (_PyLocals_GetKind(code->co_localspluskinds, 0) & CO_FAST_CELL)) {
        value = PyCell_GET(value);
    }
    return type_told_by(name, value);
}

Py_ssize_t pyi_walk(PyThreadState *thread, PyFrameObject *start, int skip, pyi_frame *out,
                    Py_ssize_t capacity)
{
    Py_ssize_t count = 0;
    _PyInterpreterFrame *frame = start != NULL ? start->f_frame : newest(thread);
    for (; frame != NULL; frame = frame->previous) {
        /* Also true of the frames by which C code enters the interpreter: they are no calls. */
        if (_PyFrame_IsIncomplete(frame)) {
            if (skip == PYI_ALL_FRAMES && !is_shim(frame)) {
                if (count < capacity) {
                    PyCodeObject *code = code_of(frame);
                    int lasti = is_own(code) ? PYI_NO_CALL : PYI_NOT_BEGUN;
                    put(&out[count], (PyObject *)code, NULL, lasti, frame);
                }
                count++;
            }
            continue;
        }
        if (skip > 0) {
            skip--;
            continue;
        }
        if (count < capacity) {
            PyCodeObject *code = code_of(frame);
            int lasti = _PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT);
            put(&out[count], (PyObject *)code, type_in(frame, code), lasti, frame);
        }
        count++;
    }
    return count;
}

#elif defined(PYI_PUBLIC_FRAMES)

Py_ssize_t pyi_walk(PyThreadState *thread, PyFrameObject *start, int skip, pyi_frame *out,
                    Py_ssize_t capacity)
{
    Py_ssize_t count = 0;
    PyFrameObject *frame;
    if (start != NULL) {
        Py_INCREF(start);
        frame = start;
    }
    else {
        frame = PyThreadState_GetFrame(thread);
    }
    while (frame != NULL) {
        PyFrameObject *back = PyFrame_GetBack(frame);
        if (skip > 0) {
            skip--;
        }
        else {
            if (count < capacity) {
                PyCodeObject *code = PyFrame_GetCode(frame);
                /* No class name: the public way to a local makes a dictionary of all locals. */
                put(&out[count], (PyObject *)code, NULL, PyFrame_GetLasti(frame), NULL);
                Py_DECREF(code);
            }
            count++;
        }
        Py_DECREF(frame);
        frame = back;
    }
    return count;
}

#else /* 3.8 to 3.10 */

static PyObject *type_in(PyFrameObject *frame, PyCodeObject *code)
{
    PyObject *name, *value;
    if (code->co_argcount == 0) {
        return NULL;
    }
    name = PyTuple_GET_ITEM(code->co_varnames, 0);
    if (name != name_self && name != name_cls) {
        return NULL;
    }
    value = frame->f_localsplus[0];
    if (value == NULL && code->co_cell2arg != NULL) {
        Py_ssize_t cells = PyTuple_GET_SIZE(code->co_cellvars);
        for (Py_ssize_t i = 0; i < cells; i++) {
            if (code->co_cell2arg[i] == 0) {
                PyObject *cell = frame->f_localsplus[code->co_nlocals + i];
                value = cell != NULL ? PyCell_GET(cell) : NULL;
            }
        }
    }
    return type_told_by(name, value);
}

Py_ssize_t pyi_walk(PyThreadState *thread, PyFrameObject *start, int skip, pyi_frame *out,
                    Py_ssize_t capacity)
{
    Py_ssize_t count = 0;
    PyFrameObject *frame = start != NULL ? start : thread->frame;
    for (; frame != NULL; frame = frame->f_back) {
        if (skip > 0) {
            skip--;
            continue;
        }
        if (count < capacity) {
            int lasti = frame->f_lasti;
#if PY_VERSION_HEX >= 0x030A0000
            lasti *= 2; /* 3.10 counts instructions, PyCode_Addr2Line bytes */
#endif
            PyCodeObject *code = frame->f_code;
            put(&out[count], (PyObject *)code, type_in(frame, code), lasti, frame);
        }
        count++;
    }
    return count;
}

#endif

void pyi_add_recursion_room(PyThreadState *thread, int calls)
{
#if PY_VERSION_HEX >= 0x030C0000
    thread->py_recursion_remaining += calls;
#if PY_VERSION_HEX < 0x030E0000
    thread->c_recursion_remaining += calls;
#endif
#elif PY_VERSION_HEX >= 0x030B0000
    thread->recursion_remaining += calls;
#else
    thread->recursion_depth -= calls;
#endif
}

PyObject *pyi_generator_of(PyFrameObject *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    PyObject *found = PyObject_GetAttrString((PyObject *)frame, "f_generator");
    if (found == NULL) {
        PyErr_Clear();
    }
    else if (found == Py_None) {
        Py_CLEAR(found);
    }
    return found;
#elif PY_VERSION_HEX >= 0x030B0000
    if (frame->f_frame->owner != FRAME_OWNED_BY_GENERATOR) {
        return NULL;
    }
    return Py_NewRef((PyObject *)_PyFrame_GetGenerator(frame->f_frame));
#else
    Py_XINCREF(frame->f_gen);
    return frame->f_gen;
#endif
}

uint64_t pyi_thread_id(PyThreadState *thread)
{
    return thread->id;
}

unsigned long pyi_thread_ident(PyThreadState *thread)
{
    return thread->thread_id;
}

PyThreadState *pyi_find_thread(uint64_t id)
{
    PyInterpreterState *interpreter = PyThreadState_Get()->interp;
    PyThreadState *thread = PyInterpreterState_ThreadHead(interpreter);
    while (thread != NULL && thread->id != id) {
        thread = PyThreadState_Next(thread);
    }
    return thread;
}

PyThreadState *pyi_next_thread(PyThreadState *previous)
{
    if (previous != NULL) {
        return PyThreadState_Next(previous);
    }
    return PyInterpreterState_ThreadHead(PyThreadState_Get()->interp);
}

uint64_t pyi_native_id(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030B0000
    return thread->native_thread_id;
#elif defined(PY_HAVE_THREAD_NATIVE_ID)
    return thread == PyThreadState_Get() ? PyThread_get_thread_native_id() : 0;
#else
    return 0;
#endif
}

PyObject *pyi_context_of(PyThreadState *thread)
{
    Py_XINCREF(thread->context);
    return thread->context;
}

PyObject *pyi_thread_dict(PyThreadState *thread)
{
    if (thread->dict == NULL) {
        thread->dict = PyDict_New();
        if (thread->dict == NULL) {
            PyErr_Clear();
        }
    }
    return thread->dict;
}

int pyi_has_profile_function(PyThreadState *thread, Py_tracefunc function, PyObject *object)
{
    return thread->c_profilefunc == function && thread->c_profileobj == object;
}

int pyi_is_profiled(PyThreadState *thread)
{
    return thread->c_profilefunc != NULL;
}

int pyi_can_profile_others(void)
{
#if defined(PYI_PROFILES_OTHERS)
    return 1;
#else
    return 0;
#endif
}

int pyi_set_profile(PyThreadState *thread, Py_tracefunc function, PyObject *object)
{
    if (thread == PyThreadState_Get()) {
        PyEval_SetProfile(function, object);
        return 0;
    }
#if defined(PYI_PROFILES_OTHERS)
    return _PyEval_SetProfile(thread, function, object);
#else
    PyErr_SetString(PyExc_SystemError, "the profile function of another thread cannot be set");
    return -1;
#endif
}

void pyi_columns(PyObject *code, int lasti, int *column, int *end_column)
{
    int line = -1, end_line = -1;
    *column = *end_column = -1;
#if PY_VERSION_HEX >= 0x030B0000
    PyCode_Addr2Location((PyCodeObject *)code, lasti, &line, column, &end_line, end_column);
#endif
    *column += 1;
    *end_column = end_line == line ? *end_column + 1 : 0;
}
