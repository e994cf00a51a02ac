/* See peek_target.h. The layouts are those of the interpreter's own headers. */
#define Py_BUILD_CORE 1
#include "peek_target.h"

#include <unistd.h>

#ifdef PYI_HAS_SAFEPOINTS

#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#else
#include <internal/pycore_frame.h>
#endif
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

void pyi_describe_thread(PyThreadState *thread, pyi_peek_target *target)
{
    target->pid = getpid();
    target->layout = &layout;
    target->context = (const uintptr_t *)&thread->context;
#if PY_VERSION_HEX >= 0x030D0000
    target->newest = (const uintptr_t *)&thread->current_frame;
    target->newest_offset = (size_t)-1;
#else
    target->newest = (const uintptr_t *)&thread->cframe;
    target->newest_offset = offsetof(_PyCFrame, current_frame);
#endif
}

int pyi_is_main_thread(PyThreadState *thread)
{
    return thread->interp == PyInterpreterState_Main() &&
           thread->thread_id == _PyRuntime.main_thread;
}

uintptr_t pyi_current_context(PyThreadState *thread)
{
    return (uintptr_t)thread->context;
}

void pyi_wake_main_thread(void)
{
#if PY_VERSION_HEX < 0x030D0000
    /* A pending call that another thread adds sets this only as far as it concerns that thread:
     * without it the main thread would find the call at some later time. */
    _Py_atomic_store_relaxed(&PyInterpreterState_Main()->ceval.eval_breaker, 1);
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

#endif
