/* Looks through all functions of the program for code objects, by their addresses.
 *
 * Needs the GIL. Runs no Python code and raises no audit event; `gc.get_objects` would.
 */
#ifndef PYINSTRUMENT_LIVE_FUNCTIONS_H
#define PYINSTRUMENT_LIVE_FUNCTIONS_H

#include <Python.h>
#include <stdint.h>

/* Sets `found[i]` to a new reference to the code object at `wanted[i]`, or to NULL if no function
 * has it now. */
void pyi_find_code(const uintptr_t *wanted, int count, PyObject **found);

#endif
