"""Keeps the timer thread away from ``fork``.

It ends before, and starts again at the first event that shows that ``fork`` has returned.
"""

# From 3.12 on the interpreter counts threads and warns about them; 3.13 does so only after it has
# called what is registered for the parent.

import os

from pyinstrument_sampler._compat cimport (
    PyEval_GetFrame,
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
)

# Where `fork` was called while the timer is paused.
cdef PyThreadState *forking_thread = NULL
cdef PyFrameObject *forking_frame = NULL

# Of the module that the timer is linked into.
cdef timer_call pause_timer = NULL
cdef timer_call make_all_due = NULL


def _before_fork():
    global forking_thread, forking_frame
    forking_thread = PyThreadState_Get()
    forking_frame = PyEval_GetFrame()
    pause_timer()


def _after_fork():
    make_all_due()


cdef void watch_forks(timer_call pause, timer_call make_due):
    global pause_timer, make_all_due
    pause_timer = pause
    make_all_due = make_due
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_parent=_after_fork)


cdef bint has_fork_returned(PyThreadState *thread):
    """Whether an event of the calling thread tells that the last ``fork`` is over."""
    return thread != forking_thread or PyEval_GetFrame() == forking_frame
