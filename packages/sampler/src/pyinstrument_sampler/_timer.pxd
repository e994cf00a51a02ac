"""The native timer thread and the clocks: declarations of includes/timer.h and clock.h."""

from libc.stdint cimport int64_t, uint64_t

cdef extern from "timer.h" nogil:
    ctypedef int pyi_flag

    bint PYI_FLAG_IS_SET(pyi_flag *flag)
    void PYI_FLAG_SET(pyi_flag *flag)
    bint PYI_FLAG_TAKE(pyi_flag *flag)
    enum:
        PYI_FLAG_WATCHING
    bint PYI_FLAG_WATCH(pyi_flag *flag)

    ctypedef struct pyi_ticker:
        int64_t interval_ns
        pyi_flag due
        pyi_flag *hook_due
        void (*on_tick)(pyi_ticker *) noexcept
        void *watch
        int (*ask)() noexcept

    int pyi_timer_add(pyi_ticker *ticker)
    void pyi_timer_remove(pyi_ticker *ticker)
    void pyi_timer_counts(pyi_ticker *ticker, uint64_t *asked, uint64_t *late)
    void pyi_timer_pause()
    void pyi_timer_resume()
    bint pyi_timer_is_paused()
    void pyi_timer_make_due()
    int64_t pyi_timer_cpu_ns()

cdef extern from "clock.h" nogil:
    int64_t pyi_monotonic_ns()
    int64_t pyi_thread_cpu_ns()
    int64_t pyi_cpu_ns_of(uint64_t native_id)
