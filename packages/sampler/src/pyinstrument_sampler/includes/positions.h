/* Where in the source the instructions of a code object come from, 3.11 and newer.
 *
 * Reads `co_linetable` itself, since `co_positions()` makes an object for each instruction.
 * Format: https://github.com/python/cpython/blob/3.12/Objects/locations.md
 */
#ifndef PYINSTRUMENT_POSITIONS_H
#define PYINSTRUMENT_POSITIONS_H

#include <Python.h>

/* Instructions that have one position, and where in the source that ends. */
typedef struct {
    int first; /* in code units of two bytes */
    int count;
    int end_line;
    int end_column;
} pyi_span;

/* Finds the instructions before the call at unit `call` whose position begins where that of the
 * call begins, and ends before it: of `a.b(c).d(e)` those of `a`, `a.b`, `a.b(c)`, `a.b(c).d`.
 * How many; 0 if there are none, no columns, or more than `capacity`. */
int pyi_spans_of_callee(PyObject *code, int call, pyi_span *out, int capacity);

#endif
