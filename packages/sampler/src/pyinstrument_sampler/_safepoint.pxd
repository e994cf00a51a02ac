"""Peeks and ticks: declarations of includes/{peek,safepoint,instructions}.h."""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint32_t, uintptr_t

from pyinstrument_sampler._compat cimport PyThreadState
from pyinstrument_sampler._timer cimport pyi_ticker

cdef extern from "requests.h":
    void pyi_on_safepoint(int (*settle)(void *) except -1)

cdef extern from "requests.h" nogil:
    enum:
        PYI_ON_MAIN_THREAD
        PYI_ON_ANY_THREAD

    int pyi_request_safepoint(int kind)
    int pyi_request_all()
    void pyi_begin_settling(int kind)
    void pyi_end_settling(int kind)
    void pyi_want_settling_again(int kind)

cdef extern from "safepoint.h" nogil:
    enum:
        PYI_PEEK_FRAMES
        PYI_RING_TICKS
    ctypedef struct pyi_peeked_frame:
        uintptr_t frame
        uintptr_t code
        uintptr_t instruction
    ctypedef struct pyi_peek:
        int count
        bint is_whole
        uintptr_t context
        pyi_peeked_frame *frames
    ctypedef struct pyi_peek_target:
        pass
    ctypedef struct pyi_recent_memory:
        pass
    ctypedef struct pyi_tick:
        int64_t time_ns
        int64_t cpu_ns
        int64_t still_ns
        uint32_t ticks
        bint is_proven
        uintptr_t thread
        pyi_peek peek
    ctypedef struct pyi_watch:
        pyi_peek_target target
        int count
        pyi_tick *ticks

    void pyi_take_peek(
        const pyi_peek_target *target, pyi_recent_memory *recent, pyi_peek *peek
    )
    void pyi_watch_init(pyi_watch *watch, PyThreadState *thread, int kind, bint own_stack)
    int pyi_take_ticks(pyi_watch *watch, pyi_tick *out)
    void pyi_miss_safepoint(pyi_watch *watch)
    void pyi_tick_now(pyi_ticker *ticker)

cdef extern from "peek_target.h" nogil:
    void pyi_describe_thread(PyThreadState *thread, bint own_stack, pyi_peek_target *target)
    bint PYI_HAS_CALLS_ON_ANY_THREAD
    bint pyi_is_main_interpreter(PyThreadState *thread)
    bint pyi_is_main_thread(PyThreadState *thread)
    bint pyi_can_wake_main_thread(const PyThreadState *main)
    uintptr_t pyi_current_context(PyThreadState *thread)

cdef extern from "instructions.h" nogil:
    enum:
        PYI_CALL_UNKNOWN
        PYI_CALL_NATIVE

    int pyi_peeked_lasti(PyObject *code, uintptr_t instruction)
    bint pyi_is_entering(PyObject *code, int lasti)
    int pyi_call_kind(PyObject *code, int lasti)
