/* What the timer thread sees at each tick of one run, kept until the sampled thread settles it.
 *
 * At a tick the timer thread peeks at the sampled thread and asks the interpreter for a pending
 * call. That runs on the sampled thread at its next safepoint, with the GIL held, and takes the
 * ticks. A thread that stands still, in a long C call, adds no rows: equal ticks are merged.
 */
#ifndef PYINSTRUMENT_SAFEPOINT_H
#define PYINSTRUMENT_SAFEPOINT_H

#include "peek_target.h"
#include "timer.h"

enum { PYI_RING_TICKS = 64 };

typedef struct {
    int64_t time_ns;   /* of the last of the merged ticks */
    int64_t cpu_ns;    /* the thread's CPU clock then */
    int64_t still_ns;  /* from the first of them to the last */
    uint32_t ticks;
    uint32_t serial;
    int is_proven;     /* nothing happened between the peek and the request */
    pyi_peek peek;
} pyi_tick;

typedef struct {
    pyi_peek_target target;
    uint64_t native_id;
    int lock;          /* held for a moment by whoever adds or takes ticks */
    int is_missed;     /* a safepoint has passed without these ticks being taken */
    uint32_t serial;
    int count;
    pyi_tick ticks[PYI_RING_TICKS];
} pyi_watch;

/* Says what to call at a safepoint of the main thread. */
void pyi_on_safepoint(int (*settle)(void *));

/* Prepares to watch a thread; call it with the GIL, on that thread. `own_stack`: peek_target.h. */
void pyi_watch_init(pyi_watch *watch, PyThreadState *thread, int own_stack);

/* Takes the ticks so far into `out`, room for PYI_RING_TICKS; how many, or -1: not now. */
int pyi_take_ticks(pyi_watch *watch, pyi_tick *out);

/* To be called where a safepoint passes without taking the ticks: from now on frames are entered
 * that the proofs of these ticks may have seen. */
void pyi_miss_safepoint(pyi_watch *watch);

/* Asks for a call at the next safepoint; whether it will come. Needs no GIL.
 *
 * Not while the last one is under way: the interpreter makes all calls that there are, up to 32 in
 * a row. A tick that falls there is settled with the next. */
int pyi_request_safepoint(void);

/* To be called when it has come, and at its end. */
void pyi_begin_settling(void);
void pyi_end_settling(void);

/* In between: asks for another one, which may follow at once. */
void pyi_want_settling_again(void);

/* One tick, at once: what the timer thread does when one is due. `ticker->watch` is a pyi_watch. */
void pyi_tick_now(pyi_ticker *ticker);

#endif
