/* What the timer thread sees at each tick of one run, kept until it is settled with the GIL held.
 *
 * At a tick the timer thread peeks at the main thread, or at the one that has the GIL, and asks
 * for a call at that thread's next safepoint, which takes the ticks. A thread that stands still, in
 * a long C call, adds no rows: equal ticks are merged.
 */
#ifndef PYINSTRUMENT_SAFEPOINT_H
#define PYINSTRUMENT_SAFEPOINT_H

#include "peek_target.h"
#include "requests.h"
#include "timer.h"

enum { PYI_RING_TICKS = 64 };

typedef struct {
    int64_t time_ns;   /* of the last of the merged ticks */
    int64_t cpu_ns;    /* the main thread's CPU clock then; 0 if any thread may be meant */
    int64_t still_ns;  /* from the first of them to the last */
    uint32_t ticks;
    uint32_t serial;
    int is_proven;     /* nothing happened between the peek and the request */
    uintptr_t thread;  /* address of the state of the thread that was peeked at; 0: none ran */
    pyi_peek peek;
} pyi_tick;

typedef struct {
    int kind;          /* of requests.h: which thread is watched */
    pyi_peek_target target;
    pyi_recent_memory recent; /* of peeks at the target */
    uintptr_t thread;  /* whom the target is; 0: nobody */
    uint64_t native_id;
    int lock;          /* held for a moment by whoever adds or takes ticks */
    int is_missed;     /* a safepoint has passed without these ticks being taken */
    uint32_t serial;
    int count;
    pyi_tick ticks[PYI_RING_TICKS];
} pyi_watch;

/* Prepares to watch the main thread, called on that, or on any thread all of its interpreter.
 * Needs the GIL. `own_stack`: see peek_target.h. */
void pyi_watch_init(pyi_watch *watch, PyThreadState *thread, int kind, int own_stack);

/* Takes the ticks so far into `out`, room for PYI_RING_TICKS; how many, or -1: not now. */
int pyi_take_ticks(pyi_watch *watch, pyi_tick *out);

/* To be called where a safepoint passes without taking the ticks: from now on frames are entered
 * that the proofs of these ticks may have seen. */
void pyi_miss_safepoint(pyi_watch *watch);

/* One tick, at once: what the timer thread does when one is due. `ticker->watch` is a pyi_watch. */
void pyi_tick_now(pyi_ticker *ticker);

#endif
