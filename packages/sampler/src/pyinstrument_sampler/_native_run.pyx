"""One sampling in progress: what the compiled engines share.

An engine's hook calls ``on_event`` with the GIL held; the run decides whether a sample is due and
stores it as integers. The law of the handler stands in docs/how/sampling.md.
"""

import os

cimport cython
from cpython.object cimport PyObject
from libc.stdint cimport int64_t, uint64_t

from pyinstrument_sampler._compat cimport (
    PyFrameObject,
    PyThreadState,
    PyThreadState_Get,
    pyi_add_recursion_room,
    pyi_thread_id,
    pyi_thread_ident,
)
from pyinstrument_sampler._fork_pause cimport has_fork_returned, watch_forks
from pyinstrument_sampler._native_stacks cimport Event, NativeStacks, standing
from pyinstrument_sampler._thread_samples cimport ThreadSamples
from pyinstrument_sampler._thread_track cimport ThreadTrack
from pyinstrument_sampler._timer cimport (
    PYI_FLAG_SET,
    PYI_FLAG_TAKE,
    pyi_flag,
    pyi_monotonic_ns,
    pyi_timer_add,
    pyi_timer_counts,
    pyi_timer_cpu_ns,
    pyi_timer_is_paused,
    pyi_timer_make_due,
    pyi_timer_pause,
    pyi_timer_remove,
    pyi_timer_resume,
)

from pyinstrument_sampler.errors import ClockError
from pyinstrument_sampler.facts import FactsTaker
from pyinstrument_sampler.notes import (
    ABANDONED,
    HOOK_TAKEN,
    THREAD_ENDED,
    add_note,
    clock_failed,
    describe,
    sampler_failed,
)

watch_forks(pyi_timer_pause, pyi_timer_make_due)


cdef bint is_timer_ready(const Event *event):
    """Whether samples may be taken; starts the timer again once ``fork`` has returned."""
    if pyi_timer_is_paused():
        if not has_fork_returned(event.thread):
            return False
        pyi_timer_resume()
    return True


@cython.no_gc_clear  # `hook` holds the flag that the timer thread sets: to the very end
cdef class NativeRun:
    """A ``Run`` (see engines/interface.py) whose samples are stored natively.

    Open from ``arm`` until ``stop``, ``abandon`` or a failing clock; a closed run takes no samples
    and is in no hook. Every thread's samples are taken by that thread, at its own events; only
    what is missing at the end is seen from outside.
    """

    def __cinit__(self, request, str engine_name, hook, NativeStacks stacks=None):
        cdef PyThreadState *thread = PyThreadState_Get()
        self.hook = hook
        self.thread_id = pyi_thread_id(thread)
        self.samples = ThreadSamples(request, stacks)
        self.clock = request.clock
        self.interval_ns = self.ticker.interval_ns = request.interval_ns
        self.notes = []
        own = frozenset((pyi_thread_ident(thread),))
        if request.threads != "all":
            self.idents = own if request.threads == "current" else request.threads
        self.is_wide = self.idents != own
        if self.wants(thread):
            self.samples.watch(thread, 0)
        self.facts = FactsTaker(request, engine_name)

    def __dealloc__(self):
        self.leave_timer()

    cdef void leave_timer(self):
        if self.is_open:
            pyi_timer_remove(&self.ticker)

    cdef int arm(self, pyi_flag *hook_due) except -1:
        """Opens the run; from now on *hook_due* is set whenever a sample is due."""
        cdef int error
        self.timer_start_ns = pyi_timer_cpu_ns()
        self.ticker.hook_due = hook_due
        self.is_open = True
        if self.clock is None:
            self.samples.open(pyi_monotonic_ns())
            error = pyi_timer_add(&self.ticker)
            if error:
                self.is_open = self.samples.is_open = False
                raise OSError(error, f"the timer thread cannot be started: {os.strerror(error)}")
            return 0
        try:
            self.samples.open(self._now())
        except Exception as clock_error:
            self._fail(clock_error)
        return 0

    cdef bint wants(self, PyThreadState *thread) except -1:
        """Whether a thread that lives at the start is to be recorded."""
        return self.idents is None or pyi_thread_ident(thread) in self.idents

    cdef int watch(self, PyThreadState *thread) except -1:
        """Records a thread that was there when the run was armed, from its start on."""
        cdef ThreadTrack track = self.samples.watch(thread, self.samples.start_ns)
        track.tick = self.tick
        return 0

    cdef bint is_polled(self):
        """Whether every event has to be shown to the run, since only its own clock tells."""
        return self.clock is not None

    cdef void close(self):
        """Ends sampling; the time since the last sample is not accounted for by this."""
        if self.is_open:
            self.is_open = self.samples.is_open = False
            pyi_timer_remove(&self.ticker)
            self.timer_end_ns = pyi_timer_cpu_ns()
            self.hook.remove(self)

    cdef int64_t _now(self) except? -1:
        if self.clock is None:
            return pyi_monotonic_ns()
        return <int64_t>round(self.clock() * 1e9)

    cdef int on_event(self, const Event *event) except -1:
        """Takes a sample if one is due. Only what a signal handler raised comes out of it."""
        cdef ThreadTrack track
        cdef int64_t now_ns
        if not self.is_open or self.is_busy:
            return 0
        if self.clock is None:
            if PYI_FLAG_TAKE(&self.ticker.due):
                self.tick += 1
            elif not self.is_wide:
                return 0
        track = self.samples.track_of(event.thread)
        if track is None:
            if self.idents is not None:
                return 0
        elif self.clock is None and track.tick == self.tick:
            return 0
        if not is_timer_ready(event):
            PYI_FLAG_SET(&self.ticker.due)
            PYI_FLAG_SET(self.ticker.hook_due)
            return 0
        self.is_busy = True
        pyi_add_recursion_room(event.thread, HANDLER_CALLS)
        try:
            now_ns = self._now()
            if track is None:
                track = self.samples.watch(event.thread, now_ns)
                track.tick = self.tick
            elif self.clock is None or now_ns - track.last_ns >= self.interval_ns:
                track.tick = self.tick
                self.samples.observe(track, event, now_ns)
                if self.clock is None:
                    self.handler_ns += pyi_monotonic_ns() - now_ns
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(event.thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    cdef int _catch_up(self, frame) except -1:
        """Gives each thread's time since its last sample to whatever has it."""
        cdef int64_t now_ns
        cdef ThreadTrack track
        if not self.is_open or self.is_busy:  # busy: in the midst of a sample, on another thread
            return 0
        cdef PyThreadState *thread = PyThreadState_Get()
        self.is_busy = True
        pyi_add_recursion_room(thread, HANDLER_CALLS)
        try:
            now_ns = self._now()
            for track in list(self.samples.tracks.values()):
                if now_ns > track.last_ns:
                    self._catch_up_with(track, frame, now_ns)
        except Exception as error:
            self._fail(error)
        finally:
            pyi_add_recursion_room(thread, -HANDLER_CALLS)
            self.is_busy = False
        return 0

    cdef int _catch_up_with(self, ThreadTrack track, frame, int64_t now_ns) except -1:
        cdef Event event
        cdef bint is_intact = self.hook.is_intact(track.thread_id)
        event = standing(track.find())
        if event.thread == NULL:
            if not track.is_own:
                # It has all samples that it can have.
                self.samples.tracks.pop(track.thread_id, None)
                return 0
            add_note(self.notes, THREAD_ENDED)
        elif is_intact:
            if event.thread == PyThreadState_Get():
                event.frame = <PyFrameObject *><PyObject *>frame
                event.may_wait = False
            return self.samples.observe(track, &event, now_ns)
        else:
            add_note(self.notes, HOOK_TAKEN)
        return self.samples.observe_nothing(track, now_ns)

    cdef void _fail(self, error):
        if self.clock is not None:
            self.error = error
            self.notes.append(clock_failed(error))
        else:
            self.notes.append(sampler_failed(error))
        self.close()

    def snapshot(self, frame):
        """See ``Run.snapshot``."""
        self._catch_up(frame)
        recording = self._recording(False)
        # Another thread may have stopped it meanwhile, and taken the samples.
        return recording if self.recording is None else self.recording

    def stop(self, frame):
        """See ``Run.stop``."""
        if self.recording is None:
            self._catch_up(frame)
            self.close()
            # Busy: another thread names code for a sample that will not be added any more.
            recording = self._recording(not self.is_busy)
            if self.recording is None:  # else another thread stopped it meanwhile
                self.recording = recording
            if not self.is_busy:
                self.samples.stacks.clear()
        error, self.error = self.error, None
        if error is not None:
            raise ClockError(
                f"the clock raised {describe(error)}; the recording ends there", self.recording
            ) from error
        return self.recording

    def abandon(self):
        """See ``Run.abandon``."""
        if self.is_open:
            self.notes.append(ABANDONED)
        self.close()

    cdef object _recording(self, bint consume):
        cdef uint64_t asked = 0
        cdef uint64_t late = 0
        if self.clock is None:
            pyi_timer_counts(&self.ticker, &asked, &late)
        if self.is_open:
            self.timer_end_ns = pyi_timer_cpu_ns()
        counts = {
            "ticks_asked": asked,
            "ticks_late": late,
            "own_cpu_ns": self.handler_ns + self.timer_end_ns - self.timer_start_ns,
            "notes": self.notes,
        }
        return self.samples.to_recording(self.facts, consume, counts)
