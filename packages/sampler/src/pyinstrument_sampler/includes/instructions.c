/* See instructions.h. Instructions are read as they are now: adapted to what they have met. */
#define Py_BUILD_CORE 1
#include "instructions.h"

#ifdef PYI_HAS_SAFEPOINTS

#include <internal/pycore_code.h>
#include <opcode.h>

/* Classes are left out: what they do in C is their caller's own time. */
static const unsigned char call_kinds[256] = {
#if PY_VERSION_HEX >= 0x030D0000
    [CALL_BUILTIN_FAST] = PYI_CALL_NATIVE,
    [CALL_BUILTIN_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [CALL_BUILTIN_O] = PYI_CALL_NATIVE,
    [CALL_ISINSTANCE] = PYI_CALL_NATIVE,
    [CALL_LEN] = PYI_CALL_NATIVE,
    [CALL_LIST_APPEND] = PYI_CALL_NATIVE,
    [CALL_METHOD_DESCRIPTOR_FAST] = PYI_CALL_NATIVE,
    [CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [CALL_METHOD_DESCRIPTOR_NOARGS] = PYI_CALL_NATIVE,
    [CALL_METHOD_DESCRIPTOR_O] = PYI_CALL_NATIVE,
    [CALL_PY_EXACT_ARGS] = PYI_CALL_PYTHON,
    [CALL_PY_GENERAL] = PYI_CALL_PYTHON,
    [CALL_BOUND_METHOD_EXACT_ARGS] = PYI_CALL_PYTHON,
    [CALL_BOUND_METHOD_GENERAL] = PYI_CALL_PYTHON,
    [CALL_ALLOC_AND_ENTER_INIT] = PYI_CALL_PYTHON,
#if PY_VERSION_HEX >= 0x030E0000
    [CALL_KW_PY] = PYI_CALL_PYTHON,
    [CALL_KW_BOUND_METHOD] = PYI_CALL_PYTHON,
#endif
#elif PY_VERSION_HEX >= 0x030C0000
    [CALL_BUILTIN_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [CALL_NO_KW_BUILTIN_FAST] = PYI_CALL_NATIVE,
    [CALL_NO_KW_BUILTIN_O] = PYI_CALL_NATIVE,
    [CALL_NO_KW_ISINSTANCE] = PYI_CALL_NATIVE,
    [CALL_NO_KW_LEN] = PYI_CALL_NATIVE,
    [CALL_NO_KW_LIST_APPEND] = PYI_CALL_NATIVE,
    [CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [CALL_NO_KW_METHOD_DESCRIPTOR_FAST] = PYI_CALL_NATIVE,
    [CALL_NO_KW_METHOD_DESCRIPTOR_NOARGS] = PYI_CALL_NATIVE,
    [CALL_NO_KW_METHOD_DESCRIPTOR_O] = PYI_CALL_NATIVE,
    [CALL_PY_EXACT_ARGS] = PYI_CALL_PYTHON,
    [CALL_PY_WITH_DEFAULTS] = PYI_CALL_PYTHON,
    [CALL_BOUND_METHOD_EXACT_ARGS] = PYI_CALL_PYTHON,
#else /* 3.11: the call is made by the first of two instructions, unless Python is called */
    [PRECALL_BUILTIN_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_BUILTIN_FAST] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_BUILTIN_O] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_ISINSTANCE] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_LEN] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_LIST_APPEND] = PYI_CALL_NATIVE,
    [PRECALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_METHOD_DESCRIPTOR_FAST] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_METHOD_DESCRIPTOR_NOARGS] = PYI_CALL_NATIVE,
    [PRECALL_NO_KW_METHOD_DESCRIPTOR_O] = PYI_CALL_NATIVE,
    [PRECALL_PYFUNC] = PYI_CALL_PYTHON,
    [PRECALL_BOUND_METHOD] = PYI_CALL_PYTHON,
    [CALL_PY_EXACT_ARGS] = PYI_CALL_PYTHON,
    [CALL_PY_WITH_DEFAULTS] = PYI_CALL_PYTHON,
#endif
};

static _Py_CODEUNIT *first_instruction(PyObject *code)
{
    return _PyCode_CODE((PyCodeObject *)code);
}

static unsigned char operation(PyObject *code, int lasti)
{
    return _Py_OPCODE(first_instruction(code)[lasti / (int)sizeof(_Py_CODEUNIT)]);
}

static int begin_of(PyObject *code)
{
    return ((PyCodeObject *)code)->_co_firsttraceable * (int)sizeof(_Py_CODEUNIT);
}

int pyi_peeked_lasti(PyObject *code, uintptr_t instruction)
{
    uintptr_t offset = instruction - (uintptr_t)first_instruction(code);
    uintptr_t size = (uintptr_t)Py_SIZE(code) * sizeof(_Py_CODEUNIT);
    if (offset >= size || offset % sizeof(_Py_CODEUNIT) != 0 || (int)offset < begin_of(code)) {
        return -1;
    }
    return (int)offset;
}

int pyi_is_entering(PyObject *code, int lasti)
{
    if (lasti < begin_of(code)) {
        return 1;
    }
    switch (operation(code, lasti)) {
    case RESUME:
#ifdef RESUME_QUICK
    case RESUME_QUICK:
#endif
#ifdef RESUME_CHECK
    case RESUME_CHECK:
#endif
#ifdef RESUME_CHECK_JIT
    case RESUME_CHECK_JIT:
#endif
#ifdef INSTRUMENTED_RESUME
    case INSTRUMENTED_RESUME:
#endif
        return 1;
    default:
        return 0;
    }
}

int pyi_call_kind(PyObject *code, int lasti)
{
    return call_kinds[operation(code, lasti)];
}

#endif
