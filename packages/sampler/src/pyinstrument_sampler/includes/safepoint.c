/* See safepoint.h. The order of a tick is what makes it true, docs/safepoint.md tells why:
 *
 * 1. A first peek warms the caches, and is forgotten.
 * 2. The second peek is the sample, complete before anything is asked of the thread.
 * 3. The request. From here on the thread enters no function before it has settled the tick.
 * 4. The third peek. If it shows the same frames, and the thread has not begun to settle, then
 *    the second one was true.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "safepoint.h"

#include <string.h>

enum {
    LOCK_TRIES = 1000, /* some microseconds: whoever has the lock keeps it for less, if it runs */
};

enum { QUIET, ASKED, SETTLING };

static int (*settle)(void *);
static const PyThreadState *sampled; /* the main thread, only compared */
static int phase;
static int is_wanted_again; /* under the GIL */
static pid_t process;

static int try_lock(pyi_watch *watch)
{
    return !__atomic_exchange_n(&watch->lock, 1, __ATOMIC_ACQUIRE);
}

static void unlock(pyi_watch *watch)
{
    __atomic_store_n(&watch->lock, 0, __ATOMIC_RELEASE);
}

/* Adds the tick, or merges it; its serial, 0 if there was no room. */
static uint32_t put(pyi_ticker *ticker, const pyi_peek *peek, int64_t time_ns, int64_t cpu)
{
    pyi_watch *watch = ticker->watch;
    pyi_tick *last;
    uint32_t serial = 0;
    if (!try_lock(watch)) {
        ticker->ticks_late++;
        return 0; /* it is being settled now */
    }
    last = watch->count > 0 ? &watch->ticks[watch->count - 1] : NULL;
    if (last != NULL) {
        ticker->ticks_late++;
    }
    if (last != NULL && pyi_same_peek(&last->peek, peek)) {
        last->still_ns += time_ns - last->time_ns;
        last->time_ns = time_ns;
        last->cpu_ns = cpu;
        last->ticks++;
        serial = last->serial;
    }
    else if (watch->count < PYI_RING_TICKS) {
        last = &watch->ticks[watch->count++];
        last->time_ns = time_ns;
        last->cpu_ns = cpu;
        last->still_ns = 0;
        last->ticks = 1;
        last->serial = serial = ++watch->serial ? watch->serial : ++watch->serial;
        last->is_proven = 0;
        memcpy(&last->peek, peek,
               offsetof(pyi_peek, frames) + peek->count * sizeof peek->frames[0]);
    }
    unlock(watch);
    return serial;
}

static void prove(pyi_watch *watch, uint32_t serial)
{
    if (try_lock(watch)) {
        pyi_tick *last = watch->count > 0 ? &watch->ticks[watch->count - 1] : NULL;
        if (last != NULL && last->serial == serial) {
            last->is_proven = 1;
        }
        unlock(watch);
    }
}

void pyi_tick_now(pyi_ticker *ticker)
{
    pyi_watch *watch = ticker->watch;
    pyi_peek seen, again;
    int64_t cpu = pyi_cpu_ns_of(watch->native_id);
    uint32_t serial;
    pyi_take_peek(&watch->target, &again);
    pyi_take_peek(&watch->target, &seen);
    serial = put(ticker, &seen, pyi_monotonic_ns(), cpu);
    int is_requested = pyi_request_safepoint();
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    pyi_take_peek(&watch->target, &again);
    if (serial != 0 && is_requested && pyi_same_frames(&seen, &again)) {
        prove(watch, serial);
    }
}

void pyi_on_safepoint(int (*call)(void *))
{
    settle = call;
}

void pyi_watch_init(pyi_watch *watch, PyThreadState *thread, int own_stack)
{
    pyi_describe_thread(thread, own_stack, &watch->target);
    sampled = thread;
    if (process != watch->target.pid) {
        /* A child of a fork: what its parent's main thread was at may never be finished here. */
        process = watch->target.pid;
        __atomic_store_n(&phase, QUIET, __ATOMIC_RELEASE);
    }
    watch->native_id = pyi_native_id(thread);
    watch->lock = 0;
    watch->is_missed = 0;
    watch->serial = 0;
    watch->count = 0;
}

int pyi_take_ticks(pyi_watch *watch, pyi_tick *out)
{
    int count;
    int is_missed;
    for (int tries = 0; !try_lock(watch); tries++) {
        if (tries == LOCK_TRIES) {
            pyi_miss_safepoint(watch);
            return -1;
        }
    }
    count = watch->count;
    memcpy(out, watch->ticks, count * sizeof out[0]);
    watch->count = 0;
    is_missed = __atomic_exchange_n(&watch->is_missed, 0, __ATOMIC_RELAXED);
    unlock(watch);
    for (int at = 0; is_missed && at < count; at++) {
        out[at].is_proven = 0;
    }
    return count;
}

void pyi_miss_safepoint(pyi_watch *watch)
{
    __atomic_store_n(&watch->is_missed, 1, __ATOMIC_RELAXED);
}

int pyi_request_safepoint(void)
{
    int was = QUIET;
    if (__atomic_compare_exchange_n(&phase, &was, ASKED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        if (pyi_add_main_call(settle) < 0) {
            __atomic_store_n(&phase, QUIET, __ATOMIC_RELEASE); /* full: the next tick tries again */
            return 0;
        }
    }
    else if (was == SETTLING) {
        return 0;
    }
    pyi_wake_main_thread(sampled);
    return 1;
}

void pyi_begin_settling(void)
{
    __atomic_store_n(&phase, SETTLING, __ATOMIC_RELEASE);
}

void pyi_want_settling_again(void)
{
    is_wanted_again = 1;
}

void pyi_end_settling(void)
{
    __atomic_store_n(&phase, QUIET, __ATOMIC_RELEASE);
    if (is_wanted_again) {
        is_wanted_again = 0;
        pyi_request_safepoint();
    }
}
