/* See live_functions.h. */
#define Py_BUILD_CORE 1
#include "live_functions.h"

#if PY_VERSION_HEX < 0x030C0000
#include <internal/pycore_gc.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_pystate.h>
#endif

typedef struct {
    const uintptr_t *wanted;
    int count;
    PyObject **found;
} pyi_code_search;

static int visit(PyObject *object, void *argument)
{
    pyi_code_search *search = argument;
    if (Py_IS_TYPE(object, &PyFunction_Type)) {
        PyObject *code = PyFunction_GET_CODE(object);
        for (int at = 0; at < search->count; at++) {
            if ((uintptr_t)code == search->wanted[at] && search->found[at] == NULL) {
                Py_INCREF(code);
                search->found[at] = code;
            }
        }
    }
    return 1;
}

void pyi_find_code(const uintptr_t *wanted, int count, PyObject **found)
{
    pyi_code_search search = {wanted, count, found};
    for (int at = 0; at < count; at++) {
        found[at] = NULL;
    }
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
