"""The ``setprofile`` engine on several threads: on which of them its function can be set, and how.

On threads that start later by way of ``threading.setprofile``, on those that were there before by
a call that 3.12 has. Where somebody else's function is set, that stays.
"""

import threading

from pyinstrument_sampler._compat cimport (
    PyThreadState,
    PyThreadState_Get,
    pyi_can_profile_others,
    pyi_find_thread,
    pyi_is_profiled,
    pyi_next_thread,
    pyi_set_profile,
    pyi_thread_id,
    pyi_thread_ident,
    pyi_walk,
)
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler.engines._setprofile cimport (
    ThreadHook,
    has_hook,
    hook_of,
    wide_flag,
    wide_hooks,
)

from pyinstrument_sampler.facts import thread_name
from pyinstrument_sampler.notes import (
    STARTING_HOOK_TAKEN,
    add_note,
    profiled_otherwise,
    started_before,
)

# Runs that record every thread that starts.
cdef list followers = []


cdef class _Starter:
    """What ``threading`` sets as the profile function of a new thread: makes way for our own."""

    def __call__(self, frame, event, argument):
        cdef PyThreadState *thread = PyThreadState_Get()
        cdef ThreadHook hook
        if not followers:
            pyi_set_profile(thread, NULL, NULL)
            return
        hook = hook_of(thread)
        for run in tuple(followers):
            hook.add_wide(thread, run)


cdef class _Everywhere:
    """What serves the runs of several threads: the hooks of all of them."""

    def remove(self, run):
        """Stops serving a run."""
        if run in followers:
            followers.remove(run)
            if getattr(threading, "_profile_hook", None) is not starter:
                add_note((<NativeRun>run).notes, STARTING_HOOK_TAKEN)
            elif not followers:
                threading.setprofile(None)
                if followers:  # one that another thread has added, and that found it set
                    threading.setprofile(starter)
        for hook in wide_hooks():
            hook.remove(run)

    def is_intact(self, thread_id):
        """Whether a thread that lives still has our profile function."""
        cdef PyThreadState *thread = pyi_find_thread(thread_id)
        return thread == NULL or has_hook(thread)


cdef _Starter starter = _Starter()
cdef _Everywhere everywhere = _Everywhere()


def start_on_threads(request):
    """A run of ``request.threads``."""
    run = NativeRun(request, "setprofile", everywhere)
    try:
        hooked = hook_threads(run)
        if request.threads == "all":
            follow(run)
        (<NativeRun>run).arm(wide_flag())
        watch(run, hooked)
    except BaseException:
        everywhere.remove(run)
        raise
    return run


cdef int follow(NativeRun run) except -1:
    """Serves a run on the threads that are going to start."""
    followers.append(run)
    if getattr(threading, "_profile_hook", None) is None:
        threading.setprofile(starter)
    return 0


cdef list hook_threads(NativeRun run):
    """Sets our function where that can be; ids of the other threads that have it."""
    cdef PyThreadState *thread = PyThreadState_Get()
    cdef list hooked = []
    cdef list taken = []
    cdef list beyond_reach = []
    if run.wants(thread):
        hook_of(thread).add_wide(thread, run)
    for thread_id in wanted_others(run):
        thread = pyi_find_thread(thread_id)  # what was done for the last one may have ended it
        if thread == NULL:
            continue
        if not pyi_can_profile_others():
            beyond_reach.append(name_of(thread))
        elif pyi_is_profiled(thread) and not has_hook(thread):
            taken.append(name_of(thread))
        else:
            hook_of(thread).add_wide(thread, run)
            hooked.append(thread_id)
    if taken:
        add_note(run.notes, profiled_otherwise(taken))
    if beyond_reach:
        add_note(run.notes, started_before(beyond_reach, "setprofile reaches them from 3.12 on"))
    return hooked


cdef list wanted_others(NativeRun run):
    cdef list found = []
    cdef PyThreadState *thread = pyi_next_thread(NULL)
    while thread != NULL:
        # Without frames it has not begun yet: up to then its ident may be that of another.
        if pyi_thread_id(thread) != run.thread_id and run.wants(thread):
            if pyi_walk(thread, NULL, 0, NULL, 0) > 0:
                found.append(pyi_thread_id(thread))
        thread = pyi_next_thread(thread)
    return found


cdef int watch(NativeRun run, list hooked) except -1:
    cdef PyThreadState *thread
    for thread_id in hooked:
        thread = pyi_find_thread(thread_id)
        if thread != NULL and run.samples.track_of(thread) is None:
            run.watch(thread)
    return 0


cdef str name_of(PyThreadState *thread):
    ident = pyi_thread_ident(thread)
    return thread_name(ident) or str(ident)
