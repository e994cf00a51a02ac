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

static int (*settle)(void *);
static int is_asked;

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
    watch->native_id = pyi_native_id(thread);
    watch->lock = 0;
    watch->serial = 0;
    watch->count = 0;
}

int pyi_take_ticks(pyi_watch *watch, pyi_tick *out)
{
    int count;
    if (!try_lock(watch)) {
        return -1;
    }
    count = watch->count;
    memcpy(out, watch->ticks, count * sizeof out[0]);
    watch->count = 0;
    unlock(watch);
    return count;
}

int pyi_request_safepoint(void)
{
    if (!__atomic_exchange_n(&is_asked, 1, __ATOMIC_ACQ_REL) &&
        Py_AddPendingCall(settle, NULL) < 0) {
        __atomic_store_n(&is_asked, 0, __ATOMIC_RELEASE); /* full: the next tick tries again */
        return 0;
    }
    pyi_wake_main_thread();
    return 1;
}

void pyi_safepoint_came(void)
{
    __atomic_store_n(&is_asked, 0, __ATOMIC_RELEASE);
}
