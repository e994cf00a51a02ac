/* See peek_target.h. The layouts are those of the interpreter's own headers. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define Py_BUILD_CORE 1
#include "peek_target.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#ifdef PYI_HAS_SAFEPOINTS

#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#else
#include <internal/pycore_frame.h>
#endif
#include <internal/pycore_ceval.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_runtime.h>

static const pyi_frame_layout layout = {
    .size = offsetof(_PyInterpreterFrame, localsplus),
    .previous = offsetof(_PyInterpreterFrame, previous),
    .owner = offsetof(_PyInterpreterFrame, owner),
#if PY_VERSION_HEX >= 0x030D0000
    .code = offsetof(_PyInterpreterFrame, f_executable),
    .instruction = offsetof(_PyInterpreterFrame, instr_ptr),
#else
    .code = offsetof(_PyInterpreterFrame, f_code),
    .instruction = offsetof(_PyInterpreterFrame, prev_instr),
#endif
    .code_mask = ~(uintptr_t)3, /* from 3.14 on the low bits are tags */
#if PY_VERSION_HEX >= 0x030E0000
    .shim = FRAME_OWNED_BY_INTERPRETER,
#elif PY_VERSION_HEX >= 0x030C0000
    .shim = FRAME_OWNED_BY_CSTACK,
#else
    .shim = 255,
#endif
};

_Static_assert(offsetof(_PyInterpreterFrame, localsplus) <= PYI_WINDOW_FRAME, "frame header");

static void set_window(pyi_window *window, const void *start, size_t size)
{
    window->address = (uintptr_t)start;
    window->bytes = start;
    window->size = size;
}

/* The first chunk of a thread's data stack lives as long as the thread: the interpreter keeps a word
 * of it in use so that it is never popped. Libraries that exchange stacks have first chunks of
 * their own, which they free: hence `own_stack`, and a look at what is in use before each peek. */
static void find_first_chunk(PyThreadState *thread, pyi_window *window)
{
    const _PyStackChunk *chunk = thread->datastack_chunk;
    while (chunk != NULL && chunk->previous != NULL) {
        chunk = chunk->previous;
    }
    if (chunk != NULL) {
        set_window(window, chunk, chunk->size);
    }
}

enum { STACK_ROOM = 256 * 1024, STACK_REST = 1024 * 1024 };

#ifndef __SANITIZE_ADDRESS__ /* which keeps red zones on it */
/* Makes the stack of C so much larger than it is, and tells its new end: the kernel maps what lies
 * between, and never takes a piece of the first thread's stack away again. */
__attribute__((noinline)) static uintptr_t extend_stack(void)
{
    volatile char room[STACK_ROOM];
    room[0] = 0;
    return (uintptr_t)room;
}
#endif

/* The C stack of the calling thread, if it is the one that the process began with, from a little
 * deeper than it is now. */
static void find_stack(pyi_window *window)
{
#ifndef __SANITIZE_ADDRESS__
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    if (getpid() != gettid() || pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return;
    }
    if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) {
        uintptr_t now = (uintptr_t)&size;
        uintptr_t left = now - (uintptr_t)lowest;
        if (left < size) { /* else it runs on a stack that a library made */
            if (left > STACK_ROOM + STACK_REST) {
                now = extend_stack();
            }
            set_window(window, (const void *)now, (uintptr_t)lowest + size - now);
        }
    }
    pthread_attr_destroy(&attributes);
#else
    (void)window;
#endif
}

void pyi_describe_thread(PyThreadState *thread, int own_stack, pyi_peek_target *target)
{
    pyi_aim_at((uintptr_t)thread, target);
    target->is_foreign = 0;
    if (own_stack) {
        find_first_chunk(thread, &target->first_chunk);
        find_stack(&target->stack);
    }
}

void pyi_aim_at(uintptr_t state, pyi_peek_target *target)
{
    const PyThreadState *thread = (const PyThreadState *)state; /* only its fields' addresses */
    target->pid = getpid();
    target->layout = &layout;
    target->is_foreign = 1;
    target->context = (const uintptr_t *)&thread->context;
    target->chunk = (const uintptr_t *)&thread->datastack_chunk;
    set_window(&target->first_chunk, NULL, 0);
    set_window(&target->stack, NULL, 0);
#if PY_VERSION_HEX >= 0x030D0000
    target->newest = (const uintptr_t *)&thread->current_frame;
    target->newest_offset = (size_t)-1;
#else
    target->newest = (const uintptr_t *)&thread->cframe;
    target->newest_offset = offsetof(_PyCFrame, current_frame);
#endif
}

int pyi_is_main_interpreter(PyThreadState *thread)
{
    return thread->interp == PyInterpreterState_Main();
}

int pyi_is_main_thread(PyThreadState *thread)
{
    return pyi_is_main_interpreter(thread) &&
           thread->thread_id == _PyRuntime.main_thread;
}

uintptr_t pyi_current_context(PyThreadState *thread)
{
    return (uintptr_t)thread->context;
}

int pyi_add_call(int (*call)(void *), int argument, int on_main_thread)
{
    void *pointer = (void *)(intptr_t)argument;
#if PY_VERSION_HEX < 0x030C0000
    /* The public one looks the interpreter up in the state of whichever thread has the GIL, which
     * may be freed right then. */
    return on_main_thread ? _PyEval_AddPendingCall(PyInterpreterState_Main(), call, pointer) : -1;
#else
    if (on_main_thread) {
        return Py_AddPendingCall(call, pointer);
    }
    return _PyEval_AddPendingCall(PyInterpreterState_Main(), call, pointer, 0) == 0 ? 0 : -1;
#endif
}

uintptr_t pyi_running_thread(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    struct _gil_runtime_state *gil = PyInterpreterState_Main()->ceval.gil;
    if (__atomic_load_n(&gil->locked, __ATOMIC_RELAXED) == 1) {
        return (uintptr_t)__atomic_load_n(&gil->last_holder, __ATOMIC_RELAXED);
    }
#elif PY_VERSION_HEX >= 0x030C0000
    struct _gil_runtime_state *gil = PyInterpreterState_Main()->ceval.gil;
    if (_Py_atomic_load_relaxed(&gil->locked) == 1) {
        return _Py_atomic_load_relaxed(&gil->last_holder);
    }
#endif
    return 0;
}

#if PY_VERSION_HEX < 0x030D0000

/* Whether the thread has the GIL of the main interpreter. Of a thread that is about to take it
 * this is true before that thread looks for what there is to do. */
static int has_gil(const PyThreadState *thread)
{
    uintptr_t holder;
#if PY_VERSION_HEX >= 0x030C0000
    struct _gil_runtime_state *gil = PyInterpreterState_Main()->ceval.gil;
#else
    struct _gil_runtime_state *gil = &_PyRuntime.ceval.gil;
#endif
    if (_Py_atomic_load_relaxed(&gil->locked) != 1) {
        return 0;
    }
    holder = _Py_atomic_load_relaxed(&gil->last_holder);
#if PY_VERSION_HEX < 0x030C0000
    if (holder != (uintptr_t)thread) {
        /* It does not take the GIL again when it comes back from another interpreter. */
        holder = _Py_atomic_load_relaxed(&_PyRuntime.gilstate.tstate_current);
    }
#endif
    return holder == (uintptr_t)thread;
}

/* What the eval breaker has to be for the thread that has the GIL. */
static int breaker_for_holder(PyInterpreterState *interpreter, const PyThreadState *main)
{
    struct _ceval_state *state = &interpreter->ceval;
    int wanted = _Py_atomic_load_relaxed(&state->gil_drop_request) |
                 __atomic_load_n(&state->pending.async_exc, __ATOMIC_RELAXED);
    int for_main = _Py_atomic_load_relaxed(&_PyRuntime.ceval.signals_pending);
#if PY_VERSION_HEX >= 0x030C0000
    wanted |= _Py_atomic_load_relaxed(&state->gc_scheduled) |
              _Py_atomic_load_relaxed(&state->pending.calls_to_do);
    for_main |= _Py_atomic_load_relaxed(&_PyRuntime.ceval.pending_mainthread.calls_to_do);
#else
    for_main |= _Py_atomic_load_relaxed(&state->pending.calls_to_do);
#endif
    return wanted || (for_main && has_gil(main));
}

#endif

int pyi_can_wake_main_thread(const PyThreadState *main)
{
#if PY_VERSION_HEX < 0x030D0000
    return has_gil(main);
#else
    (void)main;
    return 1;
#endif
}

void pyi_wake_main_thread(const PyThreadState *main)
{
#if PY_VERSION_HEX < 0x030D0000
    /* One flag for all threads: set while another thread has the GIL it would stop that one at
     * each safepoint, and on 3.11, if it is traced, for ever. So it is made what the interpreter
     * would make it, until nothing has changed meanwhile. */
    PyInterpreterState *interpreter = PyInterpreterState_Main();
    int breaker = _Py_atomic_load_relaxed(&interpreter->ceval.eval_breaker) != 0;
    for (;;) {
        int wanted;
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        wanted = breaker_for_holder(interpreter, main);
        if (wanted == breaker) {
            return;
        }
        breaker = wanted;
        _Py_atomic_store_relaxed(&interpreter->ceval.eval_breaker, breaker);
    }
#else
    (void)main;
#endif
}

void pyi_wake_any_thread(void)
{
#if PY_VERSION_HEX >= 0x030C0000 && PY_VERSION_HEX < 0x030D0000
    /* Whoever has the GIL can do it; a thread that computed the flag just then may have hidden it. */
    struct _ceval_state *state = &PyInterpreterState_Main()->ceval;
    if (_Py_atomic_load_relaxed(&state->pending.calls_to_do)) {
        _Py_atomic_store_relaxed(&state->eval_breaker, 1);
    }
#endif
}

PyObject *pyi_frame_globals(uintptr_t frame)
{
    return ((_PyInterpreterFrame *)frame)->f_globals;
}

PyObject *pyi_frame_builtins(uintptr_t frame)
{
    return ((_PyInterpreterFrame *)frame)->f_builtins;
}

#if PY_VERSION_HEX >= 0x030C0000

enum { MOST_ITEMS = 8 }; /* of a tuple: arguments that are passed on */

static int is_code_at(const PyObject *value, uintptr_t address)
{
    return (uintptr_t)value == address && PyCode_Check(value);
}

int pyi_frame_holds_code(uintptr_t frame, uintptr_t address)
{
    const _PyInterpreterFrame *living = (const _PyInterpreterFrame *)frame;
    uintptr_t word;
    int count;
    memcpy(&word, (const unsigned char *)living + layout.code, sizeof word);
    count = ((PyCodeObject *)(word & layout.code_mask))->co_nlocalsplus;
    for (int at = 0; at < count; at++) {
        PyObject *value;
        memcpy(&word, &living->localsplus[at], sizeof word);
        value = (PyObject *)(word & layout.code_mask);
        if (value == NULL || (word & ~layout.code_mask) == 3) {
            continue; /* from 3.14 on the low bits are tags, and one that is 3 is no object */
        }
        if (is_code_at(value, address)) {
            return 1;
        }
        if (PyTuple_CheckExact(value)) {
            Py_ssize_t items = Py_MIN(PyTuple_GET_SIZE(value), MOST_ITEMS);
            for (Py_ssize_t item = 0; item < items; item++) {
                if (is_code_at(PyTuple_GET_ITEM(value, item), address)) {
                    return 1;
                }
            }
        }
    }
    return 0;
}

#else

/* A frame may still be linked while its variables are given back, one by one: a finalizer that runs
 * then has it for a caller. From 3.12 on it is unlinked first. */
int pyi_frame_holds_code(uintptr_t frame, uintptr_t address)
{
    (void)frame;
    (void)address;
    return 0;
}

#endif

#endif
