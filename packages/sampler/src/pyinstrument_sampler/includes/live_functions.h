/* Looks through functions of the program for code objects, by their addresses.
 *
 * Needs the GIL. Runs no Python code and raises no audit event; `gc.get_objects` would.
 * Both set `found[i]` to a new reference to the code object at `wanted[i]`, where that is NULL and
 * such a function is there now.
 */
#ifndef PYINSTRUMENT_LIVE_FUNCTIONS_H
#define PYINSTRUMENT_LIVE_FUNCTIONS_H

#include <Python.h>
#include <stdint.h>

/* Through all of them: takes milliseconds. */
void pyi_find_code(const uintptr_t *wanted, int count, PyObject **found);

/* Through those of one module, given its dictionary, of its classes, and what these define and wrap:
 * takes some ten microseconds. A large one is not looked through to its end. */
void pyi_find_code_of_module(PyObject *names, const uintptr_t *wanted, int count,
                             PyObject **found);

#endif
