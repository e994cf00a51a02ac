"""A run of several threads by safepoints: any thread that comes to one settles for all.

At a tick one thread at most runs Python: the one that has the GIL. That one was peeked at; the others
stand where they let the GIL go, and whoever settles holds it, so that none of them moves.
"""

from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uintptr_t

from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_find_thread,
    pyi_next_thread,
    pyi_thread_id,
    pyi_walk,
)
from pyinstrument_sampler._native_run cimport NativeRun
from pyinstrument_sampler._native_stacks cimport Event, standing
from pyinstrument_sampler._safepoint cimport PYI_ON_ANY_THREAD, pyi_current_context, pyi_tick
from pyinstrument_sampler._safepoint_run cimport SafepointRun
from pyinstrument_sampler._thread_track cimport ThreadTrack


cdef class SafepointThreadsRun(SafepointRun):
    """See ``SafepointRun``."""

    def __cinit__(self, request, engine_name, hook, stacks):
        self.kind = PYI_ON_ANY_THREAD

    cdef int begin(self) except -1:
        SafepointRun.begin(self)
        self._meet(self.samples.start_ns)
        return 0

    cdef bint settles_on(self, PyThreadState *thread):
        return True

    cdef int settle(self, PyThreadState *here) except -1:
        cdef int count = self.take_ticks()
        cdef int at
        if count == 0:
            return 0
        if pyi_thread_id(here) == self.thread_id:
            self.see_context(here)
        if self.idents is None:
            self._meet(self.ticks[count - 1].time_ns)
        for at in range(count):
            for thread_id in list(self.samples.tracks):
                if self.is_open:  # another thread may stop it while new code is being named
                    self._settle_thread(thread_id, &self.ticks[at])
        return 0

    cdef int _settle_thread(self, object thread_id, const pyi_tick *tick) except -1:
        cdef ThreadTrack track = self.samples.tracks.get(thread_id)
        cdef Event event
        cdef uintptr_t context
        if track is None or tick.time_ns <= track.last_ns:
            return 0
        event = standing(track.find())
        if event.thread == NULL:
            if not track.is_own:
                del self.samples.tracks[thread_id]  # it has all samples that it can have
            return 0
        if event.thread == PyThreadState_Get():
            event.frame = self.here
        context = pyi_current_context(event.thread)
        if tick.thread == <uintptr_t>event.thread:
            context = tick.peek.context
        was_in_context = self.was_profiled(context, tick.time_ns)
        self.settle_tick(track, &event, tick, was_in_context, track.cpu_ns(event.thread))
        return 0

    cdef int _meet(self, int64_t now_ns) except -1:
        """Records the threads that it does not know yet, from a time on."""
        cdef PyThreadState *thread = pyi_next_thread(NULL)
        cdef list met = []
        while thread != NULL:
            # Without frames it has not begun yet: up to then its ident may be that of another.
            if self.samples.track_of(thread) is None and self.wants(thread):
                if pyi_walk(thread, NULL, 0, NULL, 0) > 0:
                    met.append(pyi_thread_id(thread))
            thread = pyi_next_thread(thread)
        for thread_id in met:
            thread = pyi_find_thread(thread_id)  # what was done for the last one may have ended it
            if thread != NULL and self.samples.track_of(thread) is None:
                self.samples.watch(thread, now_ns)
        return 0

    cdef int _catch_up_with(self, ThreadTrack track, frame, int64_t now_ns) except -1:
        self.here = <PyFrameObject *><PyObject *>frame
        try:
            self.settle(PyThreadState_Get())
        finally:
            self.here = NULL
        # The timer thread may have ticked since the clock was read.
        return NativeRun._catch_up_with(self, track, frame, now_ns) if now_ns > track.last_ns else 0
