"""Work that threads do in copies of the profiled context, as rows of the link table.

All samples of a thread in one context object are one piece of work. Its stack is what they share:
the innermost frame that was on the stack in each of them.
"""

from array import array
from weakref import ref

from cpython.object cimport PyObject
from cpython.ref cimport Py_XDECREF
from libc.stdint cimport int64_t, uint32_t

from pyinstrument_sampler._compat cimport PyThreadState, pyi_context_of
from pyinstrument_sampler._native_stacks cimport NativeStacks

from pyinstrument_sampler.recording import LinkTable


cdef class Work:
    """One piece of work under way."""

    cdef object context  # a weak reference: it holds all the program's variables
    cdef uint32_t stack
    cdef object origin  # the last that awaited it; None: none so far
    cdef dict durations  # origin -> nanoseconds
    cdef int64_t unclaimed_ns  # before any


cdef class ContextLinks:
    """Not reentrant, like the stacks that it needs."""

    def __cinit__(self, NativeStacks stacks):
        self.stacks = stacks
        self.works = {}
        self.durations = {}

    cdef int add(
        self,
        uint32_t thread,
        object context,
        uint32_t stack,
        uint32_t origin,
        bint is_awaited,
        int64_t duration_ns,
    ) except -1:
        """A sample of *thread* in *context*, which has the mark; *origin* as the stacks have it.

        What was done while nobody awaited it belongs to the call that does so before or after; if
        none does, it is not known for whom it was done.
        """
        cdef Work work = self.works.get(thread)
        if work is None or work.context() is not context:
            self.end(thread)
            work = Work.__new__(Work)
            work.context = ref(context)
            work.stack = stack
            work.durations = {}
            self.works[thread] = work
        else:
            work.stack = self.stacks.shared(work.stack, stack)
        if is_awaited:
            work.origin = origin
        work.unclaimed_ns += duration_ns
        if work.origin is not None:
            awaited_ns = work.durations.get(work.origin, 0)
            work.durations[work.origin] = awaited_ns + work.unclaimed_ns
            work.unclaimed_ns = 0
        return 0

    cdef int end(self, uint32_t thread) except -1:
        """The thread's work has ended, if it did any."""
        cdef Work work = self.works.pop(thread, None)
        if work is not None:
            enter(self.durations, thread, work)
        return 0

    cdef object to_table(self):
        """The rows so far, as the recording has them."""
        durations = self.durations.copy()
        for thread, work in list(self.works.items()):
            enter(durations, thread, <Work>work)
        columns = list(zip(*durations)) or [(), (), ()]
        return LinkTable(
            *[array("I", column) for column in columns], array("q", durations.values())
        )


cdef int enter(dict durations, object thread, Work work) except -1:
    for origin, duration_ns in work.durations.items():
        key = (work.stack, thread, origin)
        durations[key] = durations.get(key, 0) + duration_ns
    return 0


cdef object context_of(PyThreadState *thread):
    """The context that a thread runs in, None if it has none."""
    cdef PyObject *found = pyi_context_of(thread)
    if found == NULL:
        return None
    context = <object>found
    Py_XDECREF(found)
    return context
