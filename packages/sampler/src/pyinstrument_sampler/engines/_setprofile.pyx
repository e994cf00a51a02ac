"""The ``setprofile`` engine: a C profile function on the sampled threads, on every version.

Called at every call, return, C call and C return of its thread. Unless a sample is due it does
one relaxed load of a flag and returns; two where several threads are recorded.
"""

import sys
import threading

from cpython.object cimport PyObject

from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    Py_tracefunc,
    pyi_can_profile_others,
    pyi_find_thread,
    pyi_has_profile_function,
    pyi_set_profile,
    pyi_thread_dict,
    pyi_thread_id,
)
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._timer cimport PYI_FLAG_IS_SET, PYI_FLAG_SET, PYI_FLAG_TAKE, pyi_flag

from pyinstrument_sampler._native_stacks import generator_of

cdef extern from "Python.h":
    enum:
        PyTrace_CALL
        PyTrace_C_RETURN
        PyTrace_C_EXCEPTION

# Set by the timer for runs of several threads. The first of these threads that has an event then
# sets the flags of the others' hooks, since each thread takes its samples itself.
cdef pyi_flag wide_due = 0
cdef PyObject *first_wide = NULL  # a chain of ThreadHooks


cdef class ThreadHook:
    """The profile function's object on one thread; serves every run on that thread.

    Up to 3.11 only its own thread can take the function away, so a hook whose last run was stopped
    elsewhere stays installed, without runs, until the next event there.
    """

    def __dealloc__(self):
        self._leave_wide()

    cdef int add(self, NativeRun run) except -1:
        """Serves a run of this thread alone, from the thread itself."""
        # Installed first: from 3.12 on that takes long enough to be seen in the profile.
        if not self.is_on(PyThreadState_Get()):
            self._install(PyThreadState_Get())
        self.runs.append(run)
        try:
            run.arm(&self.due)
        except BaseException:
            self.remove(run)
            raise
        return self._update()

    cdef int add_wide(self, PyThreadState *thread, NativeRun run) except -1:
        """Serves a run of several threads on *thread*, this one's, which may be any."""
        if run not in self.runs:
            self.runs.append(run)
        self._join_wide()
        self._update()
        PYI_FLAG_SET(&self.due)  # the run has to see the thread
        return self._install(thread)

    def remove(self, run):
        """Stops serving a run, and ends with the last one."""
        if run in self.runs:
            self.runs.remove(run)
            self._update()
            if not self.runs:
                self._uninstall()

    def is_intact(self, thread_id):
        """Whether a thread that lives, this one's, still has our profile function."""
        cdef PyThreadState *thread = pyi_find_thread(thread_id)
        return thread == NULL or self.is_on(thread)

    def __call__(self, frame, event, argument):
        """The program put back what it got from ``sys.getprofile()``: takes its place again."""
        if pyi_thread_id(PyThreadState_Get()) == self.thread_id and self.runs:
            self._install(PyThreadState_Get())
        else:
            pyi_set_profile(PyThreadState_Get(), NULL, NULL)

    cdef bint is_on(self, PyThreadState *thread):
        """Whether it is the profile function of a thread."""
        return pyi_has_profile_function(
            thread, <Py_tracefunc>on_profile_event, <PyObject *>self
        ) or pyi_has_profile_function(thread, <Py_tracefunc>on_wide_event, <PyObject *>self)

    cdef Py_tracefunc _function(self):
        return <Py_tracefunc>on_wide_event if self.is_wide else <Py_tracefunc>on_profile_event

    cdef int _install(self, PyThreadState *thread) except -1:
        if not pyi_has_profile_function(thread, self._function(), <PyObject *>self):
            pyi_set_profile(thread, self._function(), <PyObject *>self)
        return 0

    cdef int _uninstall(self) except -1:
        cdef PyThreadState *thread = pyi_find_thread(self.thread_id)
        if thread != NULL and (thread == PyThreadState_Get() or pyi_can_profile_others()):
            if self.is_on(thread):
                pyi_set_profile(thread, NULL, NULL)
        return 0

    cdef int _update(self) except -1:
        cdef bint is_wide = False
        self.is_polled = not self.runs  # it has to take itself away
        for run in self.runs:
            self.is_polled = self.is_polled or (<NativeRun>run).is_polled()
            is_wide = is_wide or (<NativeRun>run).is_wide
        if self.is_polled:
            PYI_FLAG_SET(&self.due)
        if not is_wide:
            self._leave_wide()
        return 0

    cdef void _join_wide(self):
        global first_wide
        if not self.is_wide:
            self.is_wide = True
            self.previous_wide = NULL
            self.next_wide = first_wide
            if first_wide != NULL:
                (<ThreadHook>first_wide).previous_wide = <PyObject *>self
            first_wide = <PyObject *>self

    cdef void _leave_wide(self):
        global first_wide
        if self.is_wide:
            self.is_wide = False
            if self.previous_wide == NULL:
                first_wide = self.next_wide
            else:
                (<ThreadHook>self.previous_wide).next_wide = self.next_wide
            if self.next_wide != NULL:
                (<ThreadHook>self.next_wide).previous_wide = self.previous_wide


cdef int on_profile_event(
    PyObject *hook, PyFrameObject *frame, int what, PyObject *argument
) except -1:
    if not PYI_FLAG_IS_SET(&(<ThreadHook>hook).due):
        return 0
    return serve(<ThreadHook>hook, frame, what, argument)


cdef int on_wide_event(
    PyObject *hook, PyFrameObject *frame, int what, PyObject *argument
) except -1:
    cdef PyObject *other
    if PYI_FLAG_IS_SET(&wide_due):
        PYI_FLAG_TAKE(&wide_due)
        other = first_wide
        while other != NULL:
            PYI_FLAG_SET(&(<ThreadHook>other).due)
            other = (<ThreadHook>other).next_wide
    return on_profile_event(hook, frame, what, argument)


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
        hook._uninstall()
    elif hook.is_polled:
        PYI_FLAG_SET(&hook.due)
    return 0


cdef list wide_hooks():
    """The hooks that serve runs of several threads."""
    cdef list hooks = []
    cdef PyObject *hook = first_wide
    while hook != NULL:
        hooks.append(<ThreadHook>hook)
        hook = (<ThreadHook>hook).next_wide
    return hooks


cdef pyi_flag *wide_flag():
    return &wide_due


cdef ThreadHook hook_of(PyThreadState *thread):
    """A thread's hook, or a new one if that was displaced while it served runs."""
    cdef PyObject *found = pyi_thread_dict(thread)
    if found == NULL:
        raise MemoryError()
    cdef dict of_thread = <dict>found
    cdef ThreadHook last = of_thread.get(ThreadHook)
    if last is not None and (last.is_on(thread) or not last.runs):
        return last
    hook = <ThreadHook>ThreadHook.__new__(ThreadHook)
    hook.thread_id = pyi_thread_id(thread)
    hook.runs = []
    if last is not None:
        last.replaced = None
        hook.replaced = last
    of_thread[ThreadHook] = hook
    return hook


cdef bint has_hook(PyThreadState *thread):
    """Whether a thread's profile function is ours."""
    cdef PyObject *of_thread = pyi_thread_dict(thread)
    cdef ThreadHook hook = None if of_thread == NULL else (<dict>of_thread).get(ThreadHook)
    return hook is not None and hook.is_on(thread)


class SetprofileEngine:
    """Samples threads through ``PyEval_SetProfile``."""

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
        if request.threads not in ("current", {threading.get_ident()}):
            # Here, not above: that module is built on this one.
            from pyinstrument_sampler.engines._setprofile_threads import start_on_threads

            return start_on_threads(request)
        hook = hook_of(PyThreadState_Get())
        run = NativeRun(request, "setprofile", hook)
        hook.add(run)
        return run
