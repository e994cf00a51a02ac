/* The interpreter's frames and threads, the same way on every version.
 *
 * Every `#if PY_VERSION_HEX` of the sampler stands in compat.c, peek_target.c or instructions.c. All
 * functions need the GIL; those that do not say otherwise run no Python code, allocate no objects and
 * do not fail.
 */
#ifndef PYINSTRUMENT_COMPAT_H
#define PYINSTRUMENT_COMPAT_H

#include <Python.h>
#include <frameobject.h>
#include <stdint.h>

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

/* The threads of this interpreter, one after the other: the first after NULL, at last NULL. */
PyThreadState *pyi_next_thread(PyThreadState *previous);

/* The operating system's number of a thread; 0 where it is not known. Up to 3.10 a thread must
 * ask for its own. */
uint64_t pyi_native_id(PyThreadState *thread);

/* The context (`contextvars.Context`) in which a thread runs: a new reference, or NULL. */
PyObject *pyi_context_of(PyThreadState *thread);

/* What `PyThreadState_GetDict` gives, for any thread: borrowed, NULL without memory. */
PyObject *pyi_thread_dict(PyThreadState *thread);

/* Whether this function, called with this object, is the thread's profile function now. */
int pyi_has_profile_function(PyThreadState *thread, Py_tracefunc function, PyObject *object);

/* Whether a thread has a profile function. */
int pyi_is_profiled(PyThreadState *thread);

/* Whether a profile function can be set on another thread than the calling one. */
int pyi_can_profile_others(void);

/* What `PyEval_SetProfile` does, for any thread where that can be; -1 with an exception set. */
int pyi_set_profile(PyThreadState *thread, Py_tracefunc function, PyObject *object);

/* Where in its line an instruction's expression stands, from 3.11 on: 1-based, in UTF-8 bytes, the end
 * exclusive; 0 where that is not known, or the end where it is in another line. */
void pyi_columns(PyObject *code, int lasti, int *column, int *end_column);

#endif
