"""A run whose samples are peeked at by the timer thread and settled at safepoints.

A tick holds the whole sample: its time, the thread's CPU time, where the thread stood. Settling,
with the GIL held, finds the names; on the sampled thread, or on one that stops the run.
"""

import weakref

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint8_t, uint32_t, uintptr_t
from libc.stdlib cimport free, malloc

from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_add_recursion_room,
    pyi_find_thread,
    pyi_thread_id,
)
from pyinstrument_sampler._joined_stacks cimport JoinedStacks
from pyinstrument_sampler._native_run cimport HANDLER_CALLS, NativeRun, is_timer_ready
from pyinstrument_sampler._native_stacks cimport Event
from pyinstrument_sampler._safepoint cimport (
    PYI_RING_TICKS,
    pyi_current_context,
    pyi_on_safepoint,
    pyi_request_safepoint,
    pyi_safepoint_came,
    pyi_take_ticks,
    pyi_tick,
    pyi_tick_now,
    pyi_watch,
    pyi_watch_init,
)
from pyinstrument_sampler._timer cimport pyi_monotonic_ns

cdef list runs = []


cdef int settle_all(void *unused) noexcept:
    """The pending call. It never fails: that would raise in the program."""
    pyi_safepoint_came()
    for run in tuple(runs):
        (<SafepointRun>run).on_safepoint()
    return 0


pyi_on_safepoint(settle_all)


class _Hook:
    """Knows the runs that are to be settled."""

    def remove(self, run):
        """Stops serving a run."""
        if run in runs:
            runs.remove(run)

    def is_intact(self):
        """Always: nothing is installed that the program could take away."""
        return True


hook = _Hook()


cdef class SafepointRun(NativeRun):
    """See ``NativeRun``; ``hook`` is the engine's."""

    def __cinit__(self, request, engine_name, hook, stacks):
        self.joined = stacks
        self.contexts = {}
        self.watch = <pyi_watch *>malloc(sizeof(pyi_watch))
        self.ticks = <pyi_tick *>malloc(PYI_RING_TICKS * sizeof(pyi_tick))
        if self.watch == NULL or self.ticks == NULL:
            raise MemoryError()
        pyi_watch_init(self.watch, PyThreadState_Get())
        self.ticker.watch = self.watch
        self.ticker.on_tick = pyi_tick_now

    def __dealloc__(self):
        self.leave_timer()  # which reads the watch
        free(self.watch)
        free(self.ticks)

    cdef int begin(self) except -1:
        """Opens the run."""
        runs.append(self)
        try:
            self.arm(&self.ticker.due)
        except BaseException:
            runs.remove(self)
            raise
        return 0

    def tick(self):
        """Does what the timer thread does at a tick, on the calling thread. For tests."""
        pyi_tick_now(&self.ticker)

    cdef int on_safepoint(self) except -1:
        """Settles the ticks so far, on the sampled thread."""
        cdef Event event
        cdef int64_t began_ns
        if not self.is_open or self.is_busy:
            return 0
        event.thread = PyThreadState_Get()
        if not is_timer_ready(&event):
            pyi_request_safepoint()
            return 0
        event.frame = NULL
        self.is_busy = True
        pyi_add_recursion_room(event.thread, HANDLER_CALLS)
        try:
            began_ns = pyi_monotonic_ns()
            self._settle(&event, True)
            self.handler_ns += pyi_monotonic_ns() - began_ns
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(event.thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    cdef int _settle(self, Event *event, bint is_here) except -1:
        """Makes samples of the ticks so far; *event* tells where the thread stands now."""
        cdef int at
        cdef int count = pyi_take_ticks(self.watch, self.ticks)
        cdef bint in_context = self.was_in_context
        cdef uintptr_t context = 0
        if count < 0:  # the timer thread is adding one
            pyi_request_safepoint()
            return 0
        if is_here and count > 0 and self.joined.mark is not None:
            in_context = self.was_in_context = self.stacks.is_in_context()
            context = pyi_current_context(event.thread)
            self._remember_context(context, in_context)
        event.skip = 0
        event.callee = event.receiver = NULL
        event.may_wait = True
        for at in range(count):
            if not self.is_open:  # another thread has stopped it while new code was being named
                break
            if context == 0 or self.ticks[at].peek.context == context:
                self._settle_one(event, &self.ticks[at], in_context)
            else:
                known = self.contexts.get(self.ticks[at].peek.context)
                self._settle_one(event, &self.ticks[at], in_context if known is None else known[0])
        return 0

    cdef int _settle_one(self, Event *event, const pyi_tick *tick, bint in_context) except -1:
        cdef uint8_t state
        cdef uint32_t stack
        if tick.time_ns <= self.last_ns:
            return 0
        self.joined.tick = tick
        try:
            stack = self.stacks.running(event, in_context, &state)
        finally:
            self.joined.tick = NULL
        if self.is_open:
            # A tick reads the CPU clock first: a sample taken here meanwhile may know a later one.
            self._add_ticks(
                stack, tick.time_ns, state, max(tick.cpu_ns, self.last_cpu_ns), tick.ticks
            )
        return 0

    cdef _remember_context(self, uintptr_t address, bint is_profiled):
        # A context that was copied from a profiled one is profiled, and stays so: ticks that found
        # the thread in another one than it is settled in are asked for here.
        if address and address not in self.contexts:
            contexts = self.contexts
            reference = weakref.ref(
                <object><PyObject *>address, lambda _: contexts.pop(address, None)
            )
            contexts[address] = (is_profiled, reference)

    cdef int _catch_up_here(self, frame, int64_t now_ns) except -1:
        cdef Event event
        event.thread = PyThreadState_Get()
        event.frame = <PyFrameObject *><PyObject *>frame
        self._settle(&event, True)
        return NativeRun._catch_up_here(self, frame, now_ns) if now_ns > self.last_ns else 0

    cdef int _catch_up_elsewhere(self, int64_t now_ns) except -1:
        cdef Event event
        event.thread = pyi_find_thread(self.thread_id)
        event.frame = NULL
        if event.thread != NULL:
            self._settle(&event, False)
        return NativeRun._catch_up_elsewhere(self, now_ns) if now_ns > self.last_ns else 0
