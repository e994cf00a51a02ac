/* The clocks of the operating system, in nanoseconds. */
#ifndef PYINSTRUMENT_CLOCK_H
#define PYINSTRUMENT_CLOCK_H

#include <stdint.h>
#include <time.h>

/* -1 if there is no such clock (any more). */
static inline int64_t pyi_read_clock(clockid_t clock)
{
    struct timespec t;
    return clock_gettime(clock, &t) == 0 ? t.tv_sec * INT64_C(1000000000) + t.tv_nsec : -1;
}

static inline int64_t pyi_monotonic_ns(void)
{
    return pyi_read_clock(CLOCK_MONOTONIC);
}

/* CPU time of the calling thread. */
static inline int64_t pyi_thread_cpu_ns(void)
{
    return pyi_read_clock(CLOCK_THREAD_CPUTIME_ID);
}

/* CPU time of the thread that the operating system numbers so; -1 if it cannot be known. */
static inline int64_t pyi_cpu_ns_of(uint64_t native_id)
{
#if defined(__linux__)
    /* The kernel's clock of one thread, in scheduler time. Unlike what pthread_getcpuclockid does,
     * this may be asked about a thread that has ended. */
    if (native_id != 0) {
        return pyi_read_clock((clockid_t)((~(unsigned int)native_id << 3) | 6));
    }
#else
    (void)native_id;
#endif
    return -1;
}

#endif
