/* The interpreter's frames and threads, the same way on every version.
 *
 * Every `#if PY_VERSION_HEX` of the sampler stands in compat.c. All functions need the GIL; none
 * runs Python code, allocates objects or fails.
 */
#ifndef PYINSTRUMENT_COMPAT_H
#define PYINSTRUMENT_COMPAT_H

#include <Python.h>
#include <frameobject.h>
#include <stdint.h>

#include "peek.h"

typedef struct {
    PyObject *code; /* strong reference to the code object */
    PyObject *type; /* strong reference to the type of `self`, or `cls`; NULL where neither */
    int lasti;      /* offset of the instruction, as PyCode_Addr2Line takes it */
    uintptr_t address; /* of the interpreter's own frame; 0 where that cannot be known */
} pyi_frame;

/* Prepares the names that `pyi_walk` compares; -1 with an exception set on failure. */
int pyi_compat_init(void);

enum {
    PYI_ALL_FRAMES = -1, /* for `skip`: also those that have not begun, with PYI_NOT_BEGUN */
    PYI_NOT_BEGUN = -2,  /* for `lasti`: no call yet */
    PYI_NO_CALL = -3,    /* for `lasti`: never one, but of the interpreter's own code */
};

/* Copies the frames of a stack, newest first, leaving out the first `skip`.
 *
 * Starts at `frame`, or at the newest frame of `thread` where that is NULL. Returns how many
 * frames there are; only the first `capacity` are copied.
 */
Py_ssize_t pyi_walk(PyThreadState *thread, PyFrameObject *frame, int skip, pyi_frame *out,
                    Py_ssize_t capacity);

/* Lets the thread go this many calls deeper than its limit; negative takes it back.
 *
 * A hook is also called in the last frame that the limit allows. Without room of its own it would
 * meet the limit there, and up to 3.11 the interpreter ends the process when that happens twice.
 */
void pyi_add_recursion_room(PyThreadState *thread, int calls);

/* The coroutine or generator that runs in a frame: a new reference, NULL where there is none. */
PyObject *pyi_generator_of(PyFrameObject *frame);

/* The living thread with this `pyi_thread_id`; NULL once it has ended. */
PyThreadState *pyi_find_thread(uint64_t id);

/* Identifies a thread state for good: unlike its address and its ident it is not used again. */
uint64_t pyi_thread_id(PyThreadState *thread);

/* The ident that Python's `threading` uses. */
unsigned long pyi_thread_ident(PyThreadState *thread);

/* Whether this function, called with this object, is the thread's profile function now. */
int pyi_has_profile_function(PyThreadState *thread, Py_tracefunc function, PyObject *object);

/* The rest is for the `safepoint` engine, which is built where PYI_HAS_SAFEPOINTS says so. */
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__)) && \
    PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x03100000 && !defined(Py_GIL_DISABLED)
#define PYI_HAS_SAFEPOINTS
#endif

#ifdef PYI_HAS_SAFEPOINTS

/* Where to peek at a thread. */
void pyi_describe_thread(PyThreadState *thread, pyi_peek_target *target);

/* The kernel's number of a thread. */
unsigned long pyi_native_id(PyThreadState *thread);

/* Whether this is the thread, of the interpreter, that runs pending calls. */
int pyi_is_main_thread(PyThreadState *thread);

/* Address of the context that the thread runs in; 0 if it has none yet. */
uintptr_t pyi_current_context(PyThreadState *thread);

/* Makes the main thread look for pending calls at its next safepoint. Needs no GIL. */
void pyi_wake_main_thread(void);

/* Offset of an instruction, as PyCode_Addr2Line takes it, from the address that was peeked; -1
 * if there is none, or the frame had not begun: its time is its caller's. */
int pyi_peeked_lasti(PyObject *code, uintptr_t instruction);

/* The dictionaries in which a living frame looks names up; borrowed. */
PyObject *pyi_frame_globals(uintptr_t frame);
PyObject *pyi_frame_builtins(uintptr_t frame);

/* Whether a frame at this instruction has only just been entered, or resumed. */
int pyi_is_entering(PyObject *code, int lasti);

#endif
#endif
