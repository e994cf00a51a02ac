/* See live_functions.h. */
#define Py_BUILD_CORE 1
#include "live_functions.h"

#if PY_VERSION_HEX < 0x030C0000
#include <internal/pycore_gc.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_pystate.h>
#endif

enum { MOST_LOOKED_AT = 4096 }; /* code objects and classes of one module; some 100 us */

typedef struct {
    const uintptr_t *wanted;
    int count;
    PyObject **found;
    int left; /* what may still be looked at, where that is bounded */
} pyi_code_search;

static void match(pyi_code_search *search, PyObject *code)
{
    search->left--;
    for (int at = 0; at < search->count; at++) {
        if ((uintptr_t)code == search->wanted[at] && search->found[at] == NULL) {
            Py_INCREF(code);
            search->found[at] = code;
        }
    }
}

static int visit(PyObject *object, void *argument)
{
    if (Py_IS_TYPE(object, &PyFunction_Type)) {
        match(argument, PyFunction_GET_CODE(object));
    }
    return 1;
}

void pyi_find_code(const uintptr_t *wanted, int count, PyObject **found)
{
    pyi_code_search search = {wanted, count, found, 0};
#if PY_VERSION_HEX >= 0x030C0000
    PyUnstable_GC_VisitObjects(visit, &search);
#else
    struct _gc_runtime_state *state = &PyInterpreterState_Get()->gc;
    for (int generation = 0; generation <= NUM_GENERATIONS; generation++) {
        PyGC_Head *head = generation < NUM_GENERATIONS ? &state->generations[generation].head
                                                       : &state->permanent_generation.head;
        for (PyGC_Head *gc = _PyGCHead_NEXT(head); gc != head; gc = _PyGCHead_NEXT(gc)) {
            visit((PyObject *)(gc + 1), &search);
        }
    }
#endif
}

enum { MOST_WRAPPERS = 4 }; /* decorators around one function */

/* A function, those that it defines, and what it wraps. */
static void look_at_function(pyi_code_search *search, PyObject *function)
{
    for (int at = 0; at < MOST_WRAPPERS && function != NULL && PyFunction_Check(function); at++) {
        PyObject *code = PyFunction_GET_CODE(function);
        PyObject *constants = ((PyCodeObject *)code)->co_consts;
        PyObject *attributes = ((PyFunctionObject *)function)->func_dict;
        match(search, code);
        for (Py_ssize_t item = 0; item < PyTuple_GET_SIZE(constants); item++) {
            if (PyCode_Check(PyTuple_GET_ITEM(constants, item))) {
                match(search, PyTuple_GET_ITEM(constants, item));
            }
        }
        function = attributes == NULL ? NULL : PyDict_GetItemString(attributes, "__wrapped__");
    }
}

/* The function behind an object of the interpreter's own types. */
static void look_behind(pyi_code_search *search, PyObject *value, const char *name)
{
    PyObject *function = PyObject_GetAttrString(value, name);
    if (function == NULL) {
        PyErr_Clear();
        return;
    }
    look_at_function(search, function);
    Py_DECREF(function);
}

static void look_at_class(pyi_code_search *search, PyTypeObject *type)
{
    PyObject *name, *value;
    Py_ssize_t at = 0;
    if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) || type->tp_dict == NULL) {
        return; /* the others are of C */
    }
    search->left--;
    while (search->left > 0 && PyDict_Next(type->tp_dict, &at, &name, &value)) {
        if (PyFunction_Check(value)) {
            look_at_function(search, value);
        }
        else if (Py_IS_TYPE(value, &PyProperty_Type)) {
            look_behind(search, value, "fget");
            look_behind(search, value, "fset");
        }
        else if (Py_IS_TYPE(value, &PyStaticMethod_Type) ||
                 Py_IS_TYPE(value, &PyClassMethod_Type)) {
            look_behind(search, value, "__func__");
        }
    }
}

void pyi_find_code_of_module(PyObject *names, const uintptr_t *wanted, int count,
                             PyObject **found)
{
    pyi_code_search search = {wanted, count, found, MOST_LOOKED_AT};
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (search.left > 0 && PyDict_Next(names, &at, &name, &value)) {
        if (PyFunction_Check(value)) {
            look_at_function(&search, value);
        }
        else if (PyType_Check(value)) {
            look_at_class(&search, (PyTypeObject *)value);
        }
    }
}
