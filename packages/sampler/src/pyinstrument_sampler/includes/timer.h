/* The native thread that says when samples are due.
 *
 * One thread serves every ticker of the process. It never takes the GIL and blocks all signals,
 * so it neither disturbs Python's threads nor steals their signals.
 */
#ifndef PYINSTRUMENT_TIMER_H
#define PYINSTRUMENT_TIMER_H

#include "clock.h"

#include <stdint.h>

/* A flag that one thread sets and another reads without waiting. */
typedef int pyi_flag;

#define PYI_FLAG_IS_SET(flag) __builtin_expect(__atomic_load_n(flag, __ATOMIC_RELAXED), 0)
#define PYI_FLAG_SET(flag) __atomic_store_n(flag, 1, __ATOMIC_RELEASE)
#define PYI_FLAG_TAKE(flag) __atomic_exchange_n(flag, 0, __ATOMIC_ACQUIRE)

/* A third state, between set and not: put there only if the flag is not set. */
#define PYI_FLAG_WATCHING 2
#define PYI_FLAG_WATCH(flag)                                                                    \
    __atomic_compare_exchange_n(flag, &(pyi_flag){0}, PYI_FLAG_WATCHING, 0, __ATOMIC_RELAXED, \
                                __ATOMIC_RELAXED)

/* A wish for ticks, kept by the one who wishes from `add` to `remove`. */
typedef struct pyi_ticker {
    int64_t interval_ns;  /* mean time between ticks */
    pyi_flag due;         /* set at a tick, taken by the one who samples */
    pyi_flag *hook_due;   /* set after `due`: the one flag that a hook looks at */
    void (*on_tick)(struct pyi_ticker *); /* called instead, on the timer thread, if not NULL */
    void *watch;          /* for `on_tick` */
    int (*ask)(void);     /* where `on_tick` is: makes the sampled thread look for what is due */
    uint64_t ticks_asked; /* ticks so far; read after `remove` or under `pyi_timer_counts` */
    uint64_t ticks_late;  /* of those, how many gave none: an earlier one was waiting, say */
    int64_t deadline_ns;
    struct pyi_ticker *next;
} pyi_ticker;

/* Adds a ticker, starting the thread with the first one; an errno on failure, else 0. */
int pyi_timer_add(pyi_ticker *ticker);

/* Removes a ticker, ending the thread with the last one; one that is not there is left alone. */
void pyi_timer_remove(pyi_ticker *ticker);

/* Reads the counters of a ticker that may be ticking. */
void pyi_timer_counts(pyi_ticker *ticker, uint64_t *asked, uint64_t *late);

/* Ends the thread before a fork, with all its tickers kept; `resume` starts it again. */
void pyi_timer_pause(void);
void pyi_timer_resume(void);
int pyi_timer_is_paused(void);

/* Makes every ticker due, whatever the time. */
void pyi_timer_make_due(void);

/* CPU time that timer threads of this process have used, in nanoseconds. */
int64_t pyi_timer_cpu_ns(void);

#endif
