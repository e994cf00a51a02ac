/* See requests.h. */
#include "requests.h"

#ifdef PYI_HAS_SAFEPOINTS

#include <unistd.h>

enum { QUIET, ASKED, SETTLING };

typedef struct {
    int phase;
    int is_wanted_again; /* under the GIL */
} pyi_request;

static pyi_request requests[PYI_REQUESTS];
static int (*settle)(void *);
static const PyThreadState *main_thread; /* only compared */
static pid_t process;

void pyi_on_safepoint(int (*call)(void *))
{
    settle = call;
}

void pyi_prepare_requests(PyThreadState *thread)
{
    if (pyi_is_main_thread(thread)) {
        main_thread = thread;
    }
    if (process != getpid()) {
        /* A child of a fork: what its parent's threads were at may never be finished here. */
        process = getpid();
        for (int kind = 0; kind < PYI_REQUESTS; kind++) {
            __atomic_store_n(&requests[kind].phase, QUIET, __ATOMIC_RELEASE);
        }
    }
}

int pyi_request_safepoint(int kind)
{
    int *phase = &requests[kind].phase;
    int was = QUIET;
    if (__atomic_compare_exchange_n(phase, &was, ASKED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        if (pyi_add_call(settle, kind, kind == PYI_ON_MAIN_THREAD) < 0) {
            __atomic_store_n(phase, QUIET, __ATOMIC_RELEASE); /* full: the next tick tries again */
            return 0;
        }
    }
    else if (was == SETTLING) {
        return 0;
    }
    if (kind == PYI_ON_MAIN_THREAD) {
        pyi_wake_main_thread(main_thread);
    }
    else {
        pyi_wake_any_thread();
    }
    return 1;
}

int pyi_request_all(void)
{
    int is_coming = pyi_request_safepoint(PYI_ON_MAIN_THREAD);
    if (PYI_HAS_CALLS_ON_ANY_THREAD) {
        is_coming = pyi_request_safepoint(PYI_ON_ANY_THREAD) && is_coming;
    }
    return is_coming;
}

int pyi_is_settling(int kind)
{
    return __atomic_load_n(&requests[kind].phase, __ATOMIC_ACQUIRE) == SETTLING;
}

void pyi_begin_settling(int kind)
{
    __atomic_store_n(&requests[kind].phase, SETTLING, __ATOMIC_RELEASE);
}

void pyi_want_settling_again(int kind)
{
    requests[kind].is_wanted_again = 1;
}

void pyi_end_settling(int kind)
{
    __atomic_store_n(&requests[kind].phase, QUIET, __ATOMIC_RELEASE);
    if (requests[kind].is_wanted_again) {
        requests[kind].is_wanted_again = 0;
        pyi_request_safepoint(kind);
    }
}

#endif
