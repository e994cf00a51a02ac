"""The ``safepoint`` engine: the timer thread peeks, the main thread settles when it suits it.

Nothing is installed in the interpreter, so a program runs at its own speed between samples.
CPython 3.11 to 3.15 on Linux. How, and why it cannot crash: docs/how/safepoint.md.
"""

from cpython.object cimport PyObject
from libc.stdint cimport uintptr_t

from pyinstrument_sampler._compat cimport (
    PYI_ALL_FRAMES,
    PyThreadState,
    PyThreadState_Get,
    pyi_frame,
    pyi_thread_ident,
    pyi_walk,
)
from pyinstrument_sampler._safepoint cimport (
    PYI_HAS_CALLS_ON_ANY_THREAD,
    PYI_PEEK_FRAMES,
    pyi_can_wake_main_thread,
    pyi_is_main_interpreter,
    pyi_is_main_thread,
    pyi_describe_thread,
    pyi_peek,
    pyi_peek_target,
    pyi_peeked_lasti,
    pyi_take_peek,
)
from pyinstrument_sampler._safepoint_run cimport SafepointRun

from pyinstrument_sampler._joined_stacks import JoinedStacks
from pyinstrument_sampler._native_stacks import generator_of
from pyinstrument_sampler._recording_builder import RecordingBuilder
from pyinstrument_sampler._safepoint_run import hook
from pyinstrument_sampler._safepoint_threads import SafepointThreadsRun

cdef extern from "Python.h":
    void Py_XDECREF(PyObject *value)

cdef str peek_fault():
    """What is wrong with peeking at the calling thread, as half a sentence; None if nothing."""
    cdef pyi_peek_target target
    cdef pyi_peek peek
    cdef pyi_frame frames[PYI_PEEK_FRAMES]
    cdef PyThreadState *thread = PyThreadState_Get()
    cdef Py_ssize_t at, count
    cdef str fault = None
    pyi_describe_thread(thread, True, &target)
    pyi_take_peek(&target, NULL, &peek)
    if peek.count == 0:
        return "may not read this process's own memory (process_vm_readv)"
    if not pyi_can_wake_main_thread(thread):
        return "cannot make out the GIL of this interpreter"
    count = min(pyi_walk(thread, NULL, PYI_ALL_FRAMES, frames, PYI_PEEK_FRAMES), PYI_PEEK_FRAMES)
    for at in range(count):
        if at < peek.count and (
            peek.frames[at].frame != frames[at].address
            or peek.frames[at].code != <uintptr_t>frames[at].code
            or frames[at].lasti >= 0
            and pyi_peeked_lasti(frames[at].code, peek.frames[at].instruction) != frames[at].lasti
        ):
            fault = "cannot make out the frames of this interpreter"
        Py_XDECREF(frames[at].code)
        Py_XDECREF(frames[at].type)
    return fault


cdef bint is_narrow(object request):
    """Whether the main thread alone is to be recorded, which called."""
    cdef PyThreadState *thread = PyThreadState_Get()
    own = frozenset((pyi_thread_ident(thread),))
    return request.threads in ("current", own) and pyi_is_main_thread(thread)


class SafepointEngine:
    """Samples the main thread; from 3.12 on any."""

    name = "safepoint"
    generator_of = staticmethod(generator_of)

    def unavailable_reason(self):
        """See ``Engine.unavailable_reason``."""
        cdef PyThreadState *thread = PyThreadState_Get()
        if hook.is_over:
            return "cannot start while the interpreter ends"
        if not pyi_is_main_interpreter(thread):
            return "reaches the main interpreter only"
        if not pyi_is_main_thread(thread) and not PYI_HAS_CALLS_ON_ANY_THREAD:
            return "reaches the main thread only, before Python 3.12"
        return peek_fault()

    def start(self, request):
        """See ``Engine.start``."""
        cdef SafepointRun run
        stacks = JoinedStacks(RecordingBuilder(), request)
        if is_narrow(request):
            run = SafepointRun(request, "safepoint", hook, stacks)
        else:
            run = SafepointThreadsRun(request, "safepoint", hook, stacks)
        run.begin()
        return run
