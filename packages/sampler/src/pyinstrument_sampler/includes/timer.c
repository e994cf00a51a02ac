/* See timer.h. Facts that make this tricky:
 *
 * 1. `fork` copies only the calling thread: a child has tickers but no timer thread, and perhaps
 *    a locked mutex. `pthread_atfork` holds the mutex over the fork, and the child starts empty.
 * 2. Python 3.12 warns when a process with a second thread forks, and counts native threads:
 *    `pause` joins the thread before, and waits until the kernel no longer lists it.
 * 3. A fixed period falls into step with loops of the program and sees only part of them: every
 *    interval is drawn uniformly from 80 % to 120 % of the wanted one.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "timer.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#define SECOND INT64_C(1000000000)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards what the timer thread reads */
static pthread_cond_t changed;
static pyi_ticker *tickers;
static int stopping;
static int64_t thread_cpu_ns; /* of the timer thread that runs now */

/* Under the GIL: */
static pthread_t thread;
static int running;
static int prepared;
static int64_t past_cpu_ns; /* of those that ended */
static uint64_t random_state;

/* xorshift64: https://doi.org/10.18637/jss.v008.i14 */
static int64_t jittered(int64_t interval_ns)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return interval_ns * 4 / 5 + (int64_t)(random_state % (uint64_t)(interval_ns * 2 / 5 + 1));
}

static void wait_until(int64_t deadline_ns, int64_t now_ns)
{
#if defined(__APPLE__)
    int64_t left = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    struct timespec t = {left / SECOND, left % SECOND};
    pthread_cond_timedwait_relative_np(&changed, &mutex, &t);
#else
    (void)now_ns;
    struct timespec t = {deadline_ns / SECOND, deadline_ns % SECOND};
    pthread_cond_timedwait(&changed, &mutex, &t);
#endif
}

/* Marks every ticker that is due and returns the next deadline. */
static int64_t tick(int64_t now_ns)
{
    int64_t earliest = now_ns + 3600 * SECOND;
    for (pyi_ticker *ticker = tickers; ticker != NULL; ticker = ticker->next) {
        if (ticker->deadline_ns <= now_ns) {
            ticker->ticks_asked++;
            if (ticker->on_tick != NULL) {
                ticker->on_tick(ticker);
            }
            else {
                ticker->ticks_late += PYI_FLAG_IS_SET(&ticker->due);
                PYI_FLAG_SET(&ticker->due);
                PYI_FLAG_SET(ticker->hook_due);
            }
            ticker->deadline_ns += jittered(ticker->interval_ns);
            if (ticker->deadline_ns <= now_ns) {
                ticker->deadline_ns = now_ns + jittered(ticker->interval_ns);
            }
        }
        if (ticker->deadline_ns < earliest) {
            earliest = ticker->deadline_ns;
        }
    }
    return earliest;
}

static void *run(void *unused)
{
    (void)unused;
#if defined(__linux__)
    prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0); /* 1 µs; by default the kernel may be 50 µs late */
    prctl(PR_SET_NAME, "pyinstrument", 0, 0, 0);
#endif
    pthread_mutex_lock(&mutex);
    while (!stopping) {
        int64_t now_ns = pyi_monotonic_ns();
        int64_t deadline_ns = tick(now_ns);
        thread_cpu_ns = pyi_thread_cpu_ns();
        wait_until(deadline_ns, now_ns);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void fork_prepare(void)
{
    pthread_mutex_lock(&mutex);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&mutex);
}

static void fork_child(void)
{
    pthread_mutex_init(&mutex, NULL);
    tickers = NULL;
    thread_cpu_ns = 0;
    running = 0;
    prepared = 0;
}

static int prepare(void)
{
    static int fork_handled;
    pthread_condattr_t attributes;
    if (prepared) {
        return 0;
    }
    random_state = (uint64_t)pyi_monotonic_ns() * 2 + 1;
    pthread_condattr_init(&attributes);
#if !defined(__APPLE__)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!fork_handled) {
        int error = pthread_atfork(fork_prepare, fork_parent, fork_child);
        if (error) {
            return error;
        }
        fork_handled = 1;
    }
    prepared = 1;
    return 0;
}

static int start_thread(void)
{
    sigset_t all, before;
    int error;
    stopping = 0;
    thread_cpu_ns = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the new thread inherits the mask */
    error = pthread_create(&thread, NULL, run, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    running = !error;
    return error;
}

static void end_thread(void)
{
    pthread_mutex_lock(&mutex);
    stopping = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    running = 0;
    past_cpu_ns += thread_cpu_ns;
    thread_cpu_ns = 0;
}

int pyi_timer_add(pyi_ticker *ticker)
{
    int error = prepare();
    if (error) {
        return error;
    }
    ticker->due = 0;
    ticker->ticks_asked = 0;
    ticker->ticks_late = 0;
    pthread_mutex_lock(&mutex);
    ticker->deadline_ns = pyi_monotonic_ns() + jittered(ticker->interval_ns);
    ticker->next = tickers;
    tickers = ticker;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    if (!running) {
        error = start_thread();
        if (error) {
            pyi_timer_remove(ticker);
        }
    }
    return error;
}

void pyi_timer_remove(pyi_ticker *ticker)
{
    pthread_mutex_lock(&mutex);
    for (pyi_ticker **link = &tickers; *link != NULL; link = &(*link)->next) {
        if (*link == ticker) {
            *link = ticker->next;
            break;
        }
    }
    pthread_mutex_unlock(&mutex);
    if (tickers == NULL && running) {
        end_thread();
    }
}

void pyi_timer_counts(pyi_ticker *ticker, uint64_t *asked, uint64_t *late)
{
    pthread_mutex_lock(&mutex);
    *asked = ticker->ticks_asked;
    *late = ticker->ticks_late;
    pthread_mutex_unlock(&mutex);
}

#if defined(__linux__)
static int count_threads(void)
{
    int count = 0;
    char line[128];
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL) {
        return 0;
    }
    while (fgets(line, sizeof line, status) != NULL) {
        if (sscanf(line, "Threads: %d", &count) == 1) {
            break;
        }
    }
    fclose(status);
    return count;
}
#endif

void pyi_timer_pause(void)
{
    if (!running) {
        return;
    }
#if defined(__linux__)
    /* A joined thread stays in the kernel's count for a moment. Give it that moment, no more:
     * other threads may start meanwhile. */
    int before = count_threads();
    end_thread();
    for (int tries = 0; tries < 1000 && count_threads() >= before; tries++) {
        sched_yield();
    }
#else
    end_thread();
#endif
}

void pyi_timer_resume(void)
{
    if (tickers != NULL && !running) {
        start_thread(); /* without it the runs only see no more samples: nothing to tell here */
    }
}

int pyi_timer_is_paused(void)
{
    return tickers != NULL && !running;
}

void pyi_timer_make_due(void)
{
    int (*ask)(void) = NULL;
    pthread_mutex_lock(&mutex);
    for (pyi_ticker *ticker = tickers; ticker != NULL; ticker = ticker->next) {
        if (ticker->ask != NULL) {
            ask = ticker->ask; /* the same for all */
        }
        else {
            PYI_FLAG_SET(&ticker->due);
            PYI_FLAG_SET(ticker->hook_due);
        }
    }
    pthread_mutex_unlock(&mutex);
    if (ask != NULL) {
        ask(); /* may let the GIL go, and whoever takes it may want the mutex */
    }
}

int64_t pyi_timer_cpu_ns(void)
{
    int64_t cpu;
    pthread_mutex_lock(&mutex);
    cpu = past_cpu_ns + thread_cpu_ns;
    pthread_mutex_unlock(&mutex);
    return cpu;
}
