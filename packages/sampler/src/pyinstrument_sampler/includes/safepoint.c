/* See safepoint.h. The order of a tick is what makes it true, docs/how/safepoint.md tells why:
 *
 * 1. The first peek is the sample, complete before anything is asked of the thread. Nothing may
 *    look at this memory shortly before: to take a cache line back from a processor that has read
 *    it takes the thread longer than many functions last, and calls need more of those lines than
 *    returns. A second look would find it in its outer functions too often. What is likely to be
 *    needed is asked for all at once, with the first read (recent_memory.h).
 * 2. The request. From here on the thread enters no function before it has settled the tick.
 * 3. The second peek. If it shows the same frames, and the thread has not begun to settle, then
 *    the first one was true.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "safepoint.h"

#include <string.h>

enum {
    LOCK_TRIES = 1000, /* some microseconds: whoever has the lock keeps it for less, if it runs */
};

static int try_lock(pyi_watch *watch)
{
    return !__atomic_exchange_n(&watch->lock, 1, __ATOMIC_ACQUIRE);
}

static void unlock(pyi_watch *watch)
{
    __atomic_store_n(&watch->lock, 0, __ATOMIC_RELEASE);
}

/* Adds the tick, or merges it; its serial, 0 if there was no room. */
static uint32_t put(pyi_ticker *ticker, uintptr_t thread, const pyi_peek *peek, int64_t time_ns,
                    int64_t cpu)
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
    if (last != NULL && last->thread == thread && pyi_same_peek(&last->peek, peek)) {
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
        last->thread = thread;
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

/* Whom to peek at now; NULL if no thread runs. `room` is for somebody else than the target. */
static const pyi_peek_target *aim(const pyi_watch *watch, pyi_peek_target *room, uintptr_t *thread)
{
    *thread = watch->kind == PYI_ON_MAIN_THREAD ? watch->thread : pyi_running_thread();
    if (*thread == watch->thread || *thread == 0) {
        return *thread == 0 ? NULL : &watch->target;
    }
    pyi_aim_at(*thread, room);
    return room;
}

void pyi_tick_now(pyi_ticker *ticker)
{
    pyi_watch *watch = ticker->watch;
    pyi_peek_target room;
    pyi_peek seen, again;
    uintptr_t thread;
    const pyi_peek_target *target = aim(watch, &room, &thread);
    int64_t cpu;
    uint32_t serial;
    int is_requested;
    if (pyi_is_settling(watch->kind)) {
        /* The program stands still for our sake, in whatever function has the safepoint: that is
         * nobody's time, and goes to the next tick, wherever that falls. */
        ticker->ticks_late++;
        return;
    }
    cpu = watch->native_id != 0 ? pyi_cpu_ns_of(watch->native_id) : 0;
    if (target == NULL) {
        memset(&seen, 0, offsetof(pyi_peek, frames));
        put(ticker, thread, &seen, pyi_monotonic_ns(), cpu);
        pyi_request_safepoint(watch->kind);
        return;
    }
    pyi_warm_copying(target, &watch->recent);
    pyi_take_peek(target, target == &watch->target ? &watch->recent : NULL, &seen);
    if (pyi_is_settling(watch->kind)) {
        ticker->ticks_late++;
        return;
    }
    serial = put(ticker, thread, &seen, pyi_monotonic_ns(), cpu);
    is_requested = pyi_request_safepoint(watch->kind);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    pyi_take_peek(target, NULL, &again);
    if (serial != 0 && is_requested && pyi_same_frames(&seen, &again)) {
        prove(watch, serial);
    }
}

void pyi_watch_init(pyi_watch *watch, PyThreadState *thread, int kind, int own_stack)
{
    int is_main = pyi_is_main_thread(thread);
    pyi_prepare_requests(thread);
    pyi_describe_thread(thread, is_main && own_stack, &watch->target);
    watch->kind = kind;
    /* The state of another thread than the main one is freed when that ends. */
    watch->thread = is_main ? (uintptr_t)thread : 0;
    watch->native_id = kind == PYI_ON_MAIN_THREAD ? pyi_native_id(thread) : 0;
    memset(&watch->recent, 0, sizeof watch->recent);
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
