/* What is known of the instructions of a living code object, on the versions of PYI_HAS_SAFEPOINTS.
 *
 * Needs the GIL, and that the code object is alive.
 */
#ifndef PYINSTRUMENT_INSTRUCTIONS_H
#define PYINSTRUMENT_INSTRUCTIONS_H

#include "peek_target.h"

#ifdef PYI_HAS_SAFEPOINTS

/* Offset of an instruction, as PyCode_Addr2Line takes it, from the address that was peeked; -1
 * if there is none, or the call had not begun: its time is its caller's. */
int pyi_peeked_lasti(PyObject *code, uintptr_t instruction);

/* Whether a frame at this instruction has only just been entered, or resumed. */
int pyi_is_entering(PyObject *code, int lasti);

enum { PYI_CALL_UNKNOWN, PYI_CALL_PYTHON, PYI_CALL_NATIVE };

/* What the interpreter has found this instruction to call, if it has adapted to that. */
int pyi_call_kind(PyObject *code, int lasti);

#endif
#endif
