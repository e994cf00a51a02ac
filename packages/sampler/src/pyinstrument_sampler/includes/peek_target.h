/* What the interpreter tells of a thread that is to be peeked at, and what can be asked of it.
 *
 * Those that do not say otherwise need the GIL; none runs Python code or allocates objects.
 */
#ifndef PYINSTRUMENT_PEEK_TARGET_H
#define PYINSTRUMENT_PEEK_TARGET_H

#include "compat.h"
#include "peek.h"

/* Where the `safepoint` engine is built; `has_safepoints` in hatch_build.py says the same. */
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__)) && \
    PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x03100000 && !defined(Py_GIL_DISABLED)
#define PYI_HAS_SAFEPOINTS
#endif

/* Where pending calls need not be the main thread's. */
#define PYI_HAS_CALLS_ON_ANY_THREAD (PY_VERSION_HEX >= 0x030C0000)

#ifdef PYI_HAS_SAFEPOINTS

/* Where to peek at the calling thread, which must live on while it is peeked at. `own_stack`: it is the
 * main thread, and no library exchanges its stack for others. */
void pyi_describe_thread(PyThreadState *thread, int own_stack, pyi_peek_target *target);

/* Where to peek at a thread that may have ended, by the address of its state. Needs no GIL. */
void pyi_aim_at(uintptr_t state, pyi_peek_target *target);

/* Address of the state of the thread that has the GIL; 0 if none has. Needs no GIL. */
uintptr_t pyi_running_thread(void);

/* Whether the thread is of the interpreter that the process began with. */
int pyi_is_main_interpreter(PyThreadState *thread);

/* Whether this is the thread, of that interpreter, that runs pending calls. */
int pyi_is_main_thread(PyThreadState *thread);

/* Address of the context that the thread runs in; 0 if it has none yet. */
uintptr_t pyi_current_context(PyThreadState *thread);

/* Adds a pending call, for the main thread or for whichever comes to a safepoint; -1 if there is no
 * room, or the version has no such calls. Needs no GIL. */
int pyi_add_call(int (*call)(void *), int argument, int on_main_thread);

/* Makes the main thread look for pending calls at its next safepoint, and no other thread.
 * Needs no GIL; `main` is only compared. docs/how/safepoint.md says why it is not lost. */
void pyi_wake_main_thread(const PyThreadState *main);

/* The same for the thread that has the GIL. */
void pyi_wake_any_thread(void);

/* Whether waking finds out who has the GIL; to be asked by the main thread. */
int pyi_can_wake_main_thread(const PyThreadState *main);

/* The dictionaries in which a living frame looks names up; borrowed. */
PyObject *pyi_frame_globals(uintptr_t frame);
PyObject *pyi_frame_builtins(uintptr_t frame);

/* Whether a living frame's local variables, or a tuple among them, hold the code object at an
 * address: then it is alive. The frame is the calling thread's. On 3.11: never. */
int pyi_frame_holds_code(uintptr_t frame, uintptr_t address);

#endif

#endif
