"""The ``monitoring`` engine: C callbacks on ``sys.monitoring`` events, Python 3.12 and newer.

The interpreter hands the callbacks a code object and no frame, which makes an event cheaper than
one of a profile function. Events come from all threads: a run answers to those it records.
"""

import sys

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t

from pyinstrument_sampler._compat cimport (
    PyThreadState,
    PyThreadState_Get,
    pyi_next_thread,
    pyi_thread_id,
    pyi_walk,
)
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._timer cimport (
    PYI_FLAG_IS_SET,
    PYI_FLAG_SET,
    PYI_FLAG_TAKE,
    PYI_FLAG_WATCH,
    PYI_FLAG_WATCHING,
    pyi_flag,
)

from pyinstrument_sampler._native_stacks import generator_of

cdef extern from "Python.h":
    ctypedef struct PyMethodDef:
        const char *ml_name
        void *ml_meth
        int ml_flags
        const char *ml_doc
    int METH_FASTCALL
    PyObject *Py_None
    PyObject *PyMethodDescr_Type_Address "((PyObject *)&PyMethodDescr_Type)"
    bint PyCFunction_Check(PyObject *callee)
    PyObject *Py_TYPE_Address "(PyObject *)Py_TYPE"(PyObject *value)
    object PyCFunction_New(PyMethodDef *definition, PyObject *self)
    void Py_INCREF(PyObject *value)

TOOL_NAME = "pyinstrument"

# 0, 1, 2 and 5 have owners by convention (debuggers, coverage, profilers, optimisers).
TOOL_IDS = (4, 3)

# Set: a sample may be due. Watching: it was looked at, and nothing is due here; but on another
# thread something may be, so the next event there has to look.
cdef pyi_flag due = 0
cdef PyThreadState *last_thread = NULL  # that looked; only its address is used
cdef bint is_polled = False
cdef bint is_wide = False
cdef list runs = []
cdef int tool_id = -1


cdef inline bint is_due() noexcept:
    if not PYI_FLAG_IS_SET(&due):
        return False
    return due != PYI_FLAG_WATCHING or last_thread != PyThreadState_Get()


cdef int serve(int skip, bint may_wait, PyObject *callee, PyObject *receiver) except -1:
    global last_thread
    cdef Event event
    cdef uint64_t thread_id
    cdef bint is_watching = is_wide
    PYI_FLAG_TAKE(&due)
    event.thread = last_thread = PyThreadState_Get()
    event.frame = NULL
    event.skip = skip
    event.may_wait = may_wait
    event.callee = callee
    event.receiver = receiver
    thread_id = pyi_thread_id(event.thread)
    for run in tuple(runs):
        if (<NativeRun>run).is_wide or (<NativeRun>run).thread_id == thread_id:
            (<NativeRun>run).on_event(&event)
        elif PYI_FLAG_IS_SET(&(<NativeRun>run).ticker.due):
            is_watching = True
    if is_polled:
        PYI_FLAG_SET(&due)
    elif is_watching and runs:
        PYI_FLAG_WATCH(&due)
    return 0


cdef PyObject *on_entry(PyObject *self, PyObject *const *arguments, Py_ssize_t count) except NULL:
    """The newest frame was just entered: the time before belongs to its caller."""
    if is_due():
        serve(1, False, NULL, NULL)
    Py_INCREF(Py_None)
    return Py_None


cdef PyObject *on_exit(PyObject *self, PyObject *const *arguments, Py_ssize_t count) except NULL:
    """The newest frame is about to return, or to call: the time before belongs to it."""
    if is_due():
        serve(0, False, NULL, NULL)
    Py_INCREF(Py_None)
    return Py_None


cdef PyObject *on_c_return(
    PyObject *self, PyObject *const *arguments, Py_ssize_t count
) except NULL:
    """The newest frame called something that is not Python code and has returned."""
    cdef PyObject *callee = arguments[2]
    if is_due():
        if PyCFunction_Check(callee):
            serve(0, True, callee, NULL)
        elif Py_TYPE_Address(callee) == PyMethodDescr_Type_Address:
            serve(0, True, callee, NULL if arguments[3] == missing else arguments[3])
        else:
            # A class or a callable object: what it did in C is its caller's own time.
            serve(0, True, NULL, NULL)
    Py_INCREF(Py_None)
    return Py_None


cdef PyMethodDef on_entry_definition
cdef PyMethodDef on_exit_definition
cdef PyMethodDef on_c_return_definition
cdef PyObject *missing = NULL


cdef object callback(PyMethodDef *definition, const char *name, void *function):
    definition.ml_name = name
    definition.ml_meth = function
    definition.ml_flags = METH_FASTCALL
    definition.ml_doc = NULL
    return PyCFunction_New(definition, NULL)


cdef dict callbacks():
    """Callback of each event that is listened to."""
    entry = callback(&on_entry_definition, "on_entry", <void *>on_entry)
    exit = callback(&on_exit_definition, "on_exit", <void *>on_exit)
    c_return = callback(&on_c_return_definition, "on_c_return", <void *>on_c_return)
    events = sys.monitoring.events
    return {
        events.PY_START: entry,
        events.PY_RESUME: entry,
        events.PY_THROW: entry,
        events.PY_RETURN: exit,
        events.PY_YIELD: exit,
        events.PY_UNWIND: exit,
        events.CALL: exit,
        events.C_RETURN: c_return,
        events.C_RAISE: c_return,
    }


cdef install(int free_id):
    global tool_id, missing
    monitoring = sys.monitoring
    missing = <PyObject *>monitoring.MISSING
    monitoring.use_tool_id(free_id, TOOL_NAME)
    tool_id = free_id
    wanted = 0
    for event, function in callbacks().items():
        monitoring.register_callback(tool_id, event, function)
        # C_RETURN and C_RAISE come with CALL and cannot be asked for.
        if event not in (monitoring.events.C_RETURN, monitoring.events.C_RAISE):
            wanted |= event
    monitoring.set_events(tool_id, wanted)


cdef uninstall():
    global tool_id
    monitoring = sys.monitoring
    if is_ours():
        monitoring.set_events(tool_id, 0)
        for event in callbacks():
            monitoring.register_callback(tool_id, event, None)
        monitoring.free_tool_id(tool_id)
    tool_id = -1


cdef bint is_ours():
    return tool_id >= 0 and sys.monitoring.get_tool(tool_id) == TOOL_NAME


cdef update():
    """Brings the flags up to date with the runs."""
    global is_polled, is_wide, last_thread
    is_polled = is_wide = False
    last_thread = NULL
    for run in runs:
        is_polled = is_polled or (<NativeRun>run).is_polled()
        is_wide = is_wide or (<NativeRun>run).is_wide
    if is_polled or is_wide:
        PYI_FLAG_SET(&due)


cdef int watch_threads(NativeRun run) except -1:
    """Records the threads that are there; others are seen at their first event."""
    cdef PyThreadState *thread = pyi_next_thread(NULL)
    while thread != NULL:
        # Without frames it has not begun yet: up to then its ident may be that of another.
        if run.samples.track_of(thread) is None and run.wants(thread):
            if pyi_walk(thread, NULL, 0, NULL, 0) > 0:
                run.watch(thread)
        thread = pyi_next_thread(thread)
    return 0


class _Hook:
    """What serves every run: the callbacks of this module."""

    def remove(self, run):
        """Stops serving a run, and ends with the last one."""
        if run in runs:
            runs.remove(run)
            update()
            if not runs:
                uninstall()

    def is_intact(self, thread_id):
        """Whether the tool id is still ours, which serves all threads."""
        return is_ours()


cdef object hook = _Hook()


class MonitoringEngine:
    """Samples any thread through ``sys.monitoring``."""

    name = "monitoring"
    generator_of = staticmethod(generator_of)

    def unavailable_reason(self):
        """See ``Engine.unavailable_reason``."""
        if not hasattr(sys, "monitoring"):
            return "needs Python 3.12"
        if is_ours() or _free_id() is not None:
            return None
        names = ", ".join([repr(sys.monitoring.get_tool(used)) for used in TOOL_IDS])
        return f"needs a tool id of sys.monitoring, and {names} have those that are for all"

    def start(self, request):
        """See ``Engine.start``."""
        run = NativeRun(request, "monitoring", hook)
        # Installed first: that takes long enough to be seen in the profile.
        if not is_ours():
            install(_free_id())
        runs.append(run)
        try:
            (<NativeRun>run).arm(&due)
            watch_threads(run)
        except BaseException:
            hook.remove(run)
            raise
        update()
        return run


def _free_id():
    for candidate in TOOL_IDS:
        if sys.monitoring.get_tool(candidate) is None:
            return candidate
    return None
