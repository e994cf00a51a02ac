"""A run whose samples are peeked at by the timer thread and settled at safepoints.

A tick holds the whole sample: its time, the thread's CPU time, where the thread stood. Settling,
with the GIL held, finds the names; on the sampled thread, or on one that stops the run.
"""

import atexit
import sys
import weakref

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, intptr_t, uintptr_t
from libc.stdlib cimport free, malloc

from pyinstrument_sampler import async_context
from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_add_recursion_room,
    pyi_thread_id,
)
from pyinstrument_sampler._joined_stacks cimport JoinedStacks
from pyinstrument_sampler._native_run cimport HANDLER_CALLS, NativeRun, is_timer_ready
from pyinstrument_sampler._native_stacks cimport Event, standing
from pyinstrument_sampler._safepoint cimport (
    PYI_ON_MAIN_THREAD,
    PYI_PEEK_FRAMES,
    PYI_RING_TICKS,
    pyi_begin_settling,
    pyi_current_context,
    pyi_end_settling,
    pyi_miss_safepoint,
    pyi_on_safepoint,
    pyi_request_all,
    pyi_take_ticks,
    pyi_tick,
    pyi_tick_now,
    pyi_want_settling_again,
    pyi_watch,
    pyi_watch_init,
)
from pyinstrument_sampler._thread_track cimport ThreadTrack
from pyinstrument_sampler._timer cimport pyi_monotonic_ns

cdef list runs = []


cdef int settle_all(void *argument) except -1:
    """The pending call. It fails only with what a signal handler raised: that is the program's."""
    cdef int kind = <int><intptr_t>argument
    pyi_begin_settling(kind)
    try:
        for run in tuple(runs):
            if (<SafepointRun>run).kind == kind:
                (<SafepointRun>run).on_safepoint()
    finally:
        pyi_end_settling(kind)
    return 0


pyi_on_safepoint(settle_all)


cdef bint has_own_stack():
    """Whether no library is loaded that runs a thread on one data stack after the other."""
    return "greenlet" not in sys.modules


class _Hook:
    """Knows the runs that are to be settled."""

    is_over = False
    """The interpreter is being taken down: nothing may look at it from another thread."""

    def end(self):
        """At exit. A run may be left that no sampler knows; and daemon threads go on."""
        self.is_over = True
        for run in tuple(runs):
            run.abandon()

    def before_context_change(self, mark):
        """Settles what happened before a mark enters or leaves the calling code's context."""
        for run in tuple(runs):
            run.before_context_change(mark)

    def remove(self, run):
        """Stops serving a run."""
        if run in runs:
            runs.remove(run)

    def is_intact(self, thread_id):
        """Always: nothing is installed that the program could take away."""
        return True


hook = _Hook()
atexit.register(hook.end)
async_context.before_change.append(hook.before_context_change)


cdef class _ContextForgetter:
    """Called when a context is freed: its address may then become another's."""

    cdef dict contexts
    cdef uintptr_t address

    def __call__(self, reference):
        self.contexts.pop(self.address, None)


cdef class SafepointRun(NativeRun):
    """See ``NativeRun``; ``hook`` is the engine's."""

    def __cinit__(self, request, engine_name, hook, stacks):
        self.joined = stacks
        self.kind = PYI_ON_MAIN_THREAD
        self.contexts = {}
        self.watch = <pyi_watch *>malloc(sizeof(pyi_watch))
        self.ticks = <pyi_tick *>malloc(PYI_RING_TICKS * sizeof(pyi_tick))
        if self.watch == NULL or self.ticks == NULL:
            raise MemoryError()
        self.ticker.watch = self.watch
        self.ticker.on_tick = pyi_tick_now
        self.ticker.ask = pyi_request_all

    def __dealloc__(self):
        self.leave_timer()  # which reads the watch
        free(self.watch)
        free(self.ticks)

    cdef int begin(self) except -1:
        """Opens the run."""
        pyi_watch_init(self.watch, PyThreadState_Get(), self.kind, has_own_stack())
        runs.append(self)
        try:
            self.arm(&self.ticker.due)
        except BaseException:
            runs.remove(self)
            raise
        return 0

    def tick(self, frames=PYI_PEEK_FRAMES, is_whole=False):
        """Does what the timer thread does at a tick, on the calling thread. For tests.

        As if only so many *frames* could be read before their chain was given back; *is_whole* if
        the last of them was found with none before it, as a generator is that has yielded.
        """
        cdef pyi_tick *last
        pyi_tick_now(&self.ticker)
        if self.watch.count > 0:
            last = &self.watch.ticks[self.watch.count - 1]
            if frames < last.peek.count:
                last.peek.count = frames
                last.is_proven = False
                last.peek.is_whole = is_whole

    cdef int on_safepoint(self) except -1:
        """Settles the ticks so far, on the calling thread."""
        cdef Event event = standing(PyThreadState_Get())
        cdef int64_t began_ns
        if not self.is_open or self.is_busy or not self.settles_on(event.thread):
            pyi_miss_safepoint(self.watch)
            return 0
        if not is_timer_ready(&event):
            pyi_miss_safepoint(self.watch)
            pyi_want_settling_again(self.kind)
            return 0
        self.is_busy = True
        pyi_add_recursion_room(event.thread, HANDLER_CALLS)
        try:
            began_ns = pyi_monotonic_ns()
            self.settle(event.thread)
            self.handler_ns += pyi_monotonic_ns() - began_ns
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(event.thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    def before_context_change(self, mark):
        """As of the hook: if it is this run's mark, what is known of contexts is over."""
        cdef PyThreadState *here = PyThreadState_Get()
        if mark is not self.joined.mark or not self.is_open:
            return
        # Elsewhere the thread's stack tells nothing of the context in which the run was started.
        if pyi_thread_id(here) == self.thread_id and self.settles_on(here):
            self.see_context(here)
            self.was_in_old_context = self.samples.was_in_context
            self.on_safepoint()
            self.contexts.clear()
            self.marks_since_ns = pyi_monotonic_ns()

    cdef bint settles_on(self, PyThreadState *thread):
        """Not on a second thread state of the main thread, of a program that embeds Python."""
        return self.samples.track_of(thread) is not None

    cdef int settle(self, PyThreadState *here) except -1:
        """Makes samples of the ticks so far, on the thread that was peeked at."""
        cdef Event event = standing(here)
        return self._settle(self.samples.track_of(here), &event, True)

    cdef int take_ticks(self):
        """Fills ``ticks``, and says how many there are."""
        # Below 0: the timer thread is adding one. With the next, then.
        return max(pyi_take_ticks(self.watch, self.ticks), 0)

    cdef int _settle(self, ThreadTrack track, Event *event, bint is_here) except -1:
        """Makes samples of the ticks so far; *event* tells where the thread stands now."""
        cdef int at
        cdef int64_t cpu_ns
        cdef int count = self.take_ticks()
        cdef const pyi_tick *tick
        cdef bint was_in_context
        if is_here and count > 0:
            self.see_context(event.thread)
        for at in range(count):
            tick = &self.ticks[at]
            # Stopped by another thread, while new code was being named: no samples any more.
            if self.is_open and tick.time_ns > track.last_ns:
                # A tick reads the CPU clock first: a sample taken meanwhile may know a later time.
                cpu_ns = max(tick.cpu_ns, track.last_cpu_ns)
                was_in_context = self.was_profiled(tick.peek.context, tick.time_ns)
                self.settle_tick(track, event, tick, was_in_context, cpu_ns)
        return 0

    cdef int settle_tick(
        self,
        ThreadTrack track,
        const Event *event,
        const pyi_tick *tick,
        bint was_in_context,
        int64_t cpu_ns,
    ) except -1:
        """Makes a sample of one tick, for a thread that stands now where *event* says."""
        self.joined.tick = tick
        try:
            self.samples.observe_tick(
                track, event, was_in_context, tick.time_ns, cpu_ns, tick.ticks
            )
        finally:
            self.joined.tick = NULL
        return 0

    cdef int see_context(self, PyThreadState *here) except -1:
        """Asks, on the thread that started the run, whether it is in the profiled context."""
        if self.joined.mark is None:
            return 0
        self.samples.was_in_context = self.joined.is_in_context()
        cdef _ContextForgetter forgetter
        cdef uintptr_t address = pyi_current_context(here)
        # A context that was copied from a profiled one is profiled, and stays so: ticks that found
        # the thread in another one than it is settled in are asked for here.
        if address and address not in self.contexts:
            forgetter = _ContextForgetter.__new__(_ContextForgetter)
            forgetter.contexts = self.contexts
            forgetter.address = address
            reference = weakref.ref(<object><PyObject *>address, forgetter)
            self.contexts[address] = (self.samples.was_in_context, reference)
        return 0

    cdef bint was_profiled(self, uintptr_t context, int64_t time_ns):
        """Whether a context belonged to the profile, as far as known: else what was seen last."""
        if time_ns < self.marks_since_ns:  # it could not be settled before they changed
            return self.was_in_old_context
        known = self.contexts.get(context)
        return self.samples.was_in_context if known is None else known[0]

    cdef int _catch_up_with(self, ThreadTrack track, frame, int64_t now_ns) except -1:
        cdef Event event = standing(track.find())
        cdef bint is_here = event.thread == PyThreadState_Get()
        if event.thread != NULL:
            if is_here:
                event.frame = <PyFrameObject *><PyObject *>frame
            self._settle(track, &event, is_here)
        # The timer thread may have ticked since the clock was read.
        return NativeRun._catch_up_with(self, track, frame, now_ns) if now_ns > track.last_ns else 0
