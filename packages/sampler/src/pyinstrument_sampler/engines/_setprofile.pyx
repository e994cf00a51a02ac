"""The ``setprofile`` engine: a C profile function on the sampled thread, on every version.

Called at every call, return, C call and C return of its thread. Unless a sample is due it does
one relaxed load of a flag and returns.
"""

import sys

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t

from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState_Get,
    Py_tracefunc,
    pyi_has_profile_function,
    pyi_thread_id,
)
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._timer cimport PYI_FLAG_IS_SET, PYI_FLAG_SET, PYI_FLAG_TAKE, pyi_flag

from pyinstrument_sampler._native_stacks import generator_of

cdef extern from "Python.h":
    PyObject *PyThreadState_GetDict()
    void PyEval_SetProfile(Py_tracefunc function, PyObject *argument)
    enum:
        PyTrace_CALL
        PyTrace_C_RETURN
        PyTrace_C_EXCEPTION


cdef class ThreadHook:
    """The profile function's object on one thread; serves every run on that thread.

    Only its own thread can take the function away, so a hook whose last run was stopped elsewhere
    stays installed, without runs, until the next event there.
    """

    # The thread's dictionary keeps the hook alive while the thread lives, installed or not. 3.11
    # makes the frame object after it has read which function to call, with which object, and holds
    # neither: the collector may run there, and a finalizer's own events may uninstall the hook.
    cdef ThreadHook replaced  # the one before, which may be in that place
    cdef pyi_flag due
    cdef bint is_polled  # something has to be done at every event
    cdef uint64_t thread_id
    cdef list runs

    cdef int add(self, NativeRun run) except -1:
        # Installed first: from 3.12 on that takes long enough to be seen in the profile.
        if not self.is_intact():
            self.install()
        self.runs.append(run)
        try:
            run.arm(&self.due)
        except BaseException:
            self.remove(run)
            raise
        self._update()
        return 0

    def remove(self, run):
        """Stops serving a run, and ends with the last one."""
        if run in self.runs:
            self.runs.remove(run)
            self._update()
            if not self.runs and self.is_here():
                self.uninstall()

    def is_intact(self):
        """Whether the thread still has our profile function. Only asked on that thread."""
        return pyi_has_profile_function(
            PyThreadState_Get(), <Py_tracefunc>on_profile_event, <PyObject *>self
        )

    def __call__(self, frame, event, argument):
        """The program put back what it got from ``sys.getprofile()``: takes its place again."""
        if self.is_here() and self.runs:
            self.install()
        else:
            PyEval_SetProfile(NULL, NULL)

    cdef bint is_here(self):
        return pyi_thread_id(PyThreadState_Get()) == self.thread_id

    cdef _update(self):
        self.is_polled = not self.runs  # it has to take itself away
        for run in self.runs:
            self.is_polled = self.is_polled or (<NativeRun>run).is_polled()
        if self.is_polled:
            PYI_FLAG_SET(&self.due)

    cdef install(self):
        PyEval_SetProfile(<Py_tracefunc>on_profile_event, <PyObject *>self)

    cdef uninstall(self):
        if self.is_intact():
            PyEval_SetProfile(NULL, NULL)


cdef int on_profile_event(
    PyObject *hook, PyFrameObject *frame, int what, PyObject *argument
) except -1:
    if not PYI_FLAG_IS_SET(&(<ThreadHook>hook).due):
        return 0
    return serve(<ThreadHook>hook, frame, what, argument)


cdef int serve(ThreadHook hook, PyFrameObject *frame, int what, PyObject *argument) except -1:
    cdef Event event
    PYI_FLAG_TAKE(&hook.due)
    event.thread = PyThreadState_Get()
    event.frame = frame
    event.skip = what == PyTrace_CALL
    event.may_wait = what in (PyTrace_C_RETURN, PyTrace_C_EXCEPTION)
    event.callee = argument if event.may_wait else NULL
    event.receiver = NULL
    for run in tuple(hook.runs):
        (<NativeRun>run).on_event(&event)
    if not hook.runs:
        hook.uninstall()
    elif hook.is_polled:
        PYI_FLAG_SET(&hook.due)
    return 0


cdef ThreadHook hook_of_this_thread():
    """The thread's hook, or a new one if that was displaced while it served runs."""
    cdef dict of_thread = <dict>PyThreadState_GetDict()
    cdef ThreadHook last = of_thread.get(ThreadHook)
    if last is not None and (last.is_intact() or not last.runs):
        return last
    hook = <ThreadHook>ThreadHook.__new__(ThreadHook)
    hook.thread_id = pyi_thread_id(PyThreadState_Get())
    hook.runs = []
    if last is not None:
        last.replaced = None
        hook.replaced = last
    of_thread[ThreadHook] = hook
    return hook


class SetprofileEngine:
    """Samples the calling thread through ``PyEval_SetProfile``."""

    name = "setprofile"
    generator_of = staticmethod(generator_of)

    def unavailable_reason(self):
        """See ``Engine.unavailable_reason``."""
        other = sys.getprofile()
        if other is None or isinstance(other, ThreadHook):
            return None
        return f"needs the thread's profile function, which {type(other).__qualname__} has"

    def start(self, request):
        """See ``Engine.start``."""
        hook = hook_of_this_thread()
        run = NativeRun(request, "setprofile", hook)
        hook.add(run)
        return run
