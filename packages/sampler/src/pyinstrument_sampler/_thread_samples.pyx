"""What a run has seen of its threads: samples, and links between them.

Not reentrant, as the stacks are not: see ``NativeRun.is_busy``.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t

from pyinstrument_sampler._compat cimport PyThreadState, PyThreadState_Get, pyi_thread_id
from pyinstrument_sampler._context_links cimport ContextLinks, context_of
from pyinstrument_sampler._native_stacks cimport Event, NativeStacks
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._thread_track cimport ThreadTrack, new_track

from pyinstrument_sampler._recording_builder import RecordingBuilder
from pyinstrument_sampler.recording import SampleState

cdef uint8_t RUNNING_STATE = SampleState.RUNNING
cdef uint8_t OUT_OF_CONTEXT_STATE = SampleState.OUT_OF_CONTEXT


cdef class ThreadSamples:
    """A thread is seen from when it is first watched; its samples follow without gaps from there.

    It may be looked at from any thread, with the GIL.
    """

    def __cinit__(self, request, NativeStacks stacks=None):
        self.stacks = NativeStacks(RecordingBuilder(), request) if stacks is None else stacks
        self.builder = self.stacks.registry.builder
        self.columns = SampleColumns()
        self.links = ContextLinks(self.stacks)
        self.tracks = {}
        self.own_id = pyi_thread_id(PyThreadState_Get())
        self.was_in_context = True

    cdef ThreadTrack track_of(self, PyThreadState *thread):
        """The thread's track, None if it has none yet."""
        return self.tracks.get(pyi_thread_id(thread))

    cdef ThreadTrack watch(self, PyThreadState *thread, int64_t now_ns):
        """Sees a thread from now on."""
        cdef ThreadTrack track = new_track(thread, pyi_thread_id(thread) == self.own_id)
        track.last_ns = now_ns
        self.tracks[track.thread_id] = track
        if track.is_own:
            self._enter(track)  # the first row, whether it gets samples or not
        return track

    cdef int open(self, int64_t now_ns) except -1:
        """Begins, with the thread that started the run if that is watched."""
        cdef ThreadTrack own = self.tracks.get(self.own_id)
        self.start_ns = now_ns
        self.is_open = True
        if own is not None:
            own.last_ns = now_ns
            own.last_cpu_ns = own.cpu_ns(PyThreadState_Get())
        return 0

    cdef int observe(self, ThreadTrack track, const Event *event, int64_t now_ns) except -1:
        """Gives the thread's time since its last sample to the stack that *event* tells."""
        # All of this before the walk: to name what is new there may let that thread go on.
        cdef int64_t cpu_ns = track.cpu_ns(event.thread)
        if track.is_own and event.thread == PyThreadState_Get():
            self.was_in_context = self.stacks.is_in_context()
        return self.observe_tick(track, event, self.was_in_context, now_ns, cpu_ns, 1)

    cdef int observe_tick(
        self,
        ThreadTrack track,
        const Event *event,
        bint is_in_context,
        int64_t now_ns,
        int64_t cpu_ns,
        uint32_t ticks,
    ) except -1:
        """As :meth:`observe`, for a time, CPU time and context that are known already."""
        cdef uint8_t state = RUNNING_STATE
        cdef uint32_t stack
        context = None
        if track.is_own:
            stack = self.stacks.running(event, is_in_context, &state)
        else:
            # The rules of context are about the thread that has the profiled one.
            context = context_of(event.thread)
            stack = self.stacks.as_it_is(event)
            if self.stacks.mark is not None and not (
                context is not None and self.stacks.has_mark(context)
            ):
                state = OUT_OF_CONTEXT_STATE
            if stack == 0:  # a thread of C code, between two calls of Python
                stack = self.stacks.unobserved(False)
        if self.is_open:  # another thread may have stopped it while new code was being named
            self._add(track, context, stack, now_ns, state, cpu_ns, ticks)
        return 0

    cdef int observe_nothing(self, ThreadTrack track, int64_t now_ns) except -1:
        """Its time since its last sample is nobody's."""
        cdef PyThreadState *thread = track.find()
        cdef int64_t cpu_ns = -1 if thread == NULL else track.cpu_ns(thread)
        cdef uint32_t stack = self.stacks.unobserved(track.is_own)
        return self._add(track, None, stack, now_ns, RUNNING_STATE, cpu_ns)

    cdef int _add(
        self,
        ThreadTrack track,
        object context,
        uint32_t stack,
        int64_t now_ns,
        uint8_t state,
        int64_t cpu_ns,
        uint32_t ticks=1,
    ) except -1:
        cdef int64_t duration_ns = now_ns - track.last_ns
        cdef int64_t used_ns = 0
        cdef bint is_awaited
        if not track.name:  # threads are named a little after their first events
            self._enter(track)
        if cpu_ns >= 0 and track.last_cpu_ns >= 0:
            used_ns = cpu_ns - track.last_cpu_ns
        self.columns.add(<uint32_t>track.row, stack, duration_ns, used_ns, state, ticks)
        track.last_ns = now_ns
        track.last_cpu_ns = cpu_ns
        if context is not None and self.stacks.has_mark(context):
            origin = self.stacks.origin(self.own_id, &is_awaited)
            self.links.add(
                <uint32_t>track.row, context, stack, origin, is_awaited, duration_ns
            )
        elif not track.is_own:
            self.links.end(<uint32_t>track.row)
        return 0

    cdef int _enter(self, ThreadTrack track) except -1:
        """Makes a row of the thread table, or brings its name up to date."""
        cdef bint is_renamed = track.learn_name()
        if track.row < 0:
            self.columns.add_thread(track.last_ns - self.start_ns)
            track.row = self.builder.thread(track.ident, track.name)
        elif is_renamed:
            self.builder.name_thread(track.row, track.name)
        return 0

    cdef object to_recording(self, object facts_taker, bint consume, dict counts):
        """The recording so far. *consume* empties this; *counts*: facts that only the run knows."""
        for track in list(self.tracks.values()):
            if (<ThreadTrack>track).row >= 0 and (<ThreadTrack>track).find() != NULL:
                self._enter(<ThreadTrack>track)  # it may have another name by now
        samples, duration_ns, sample_count = self.columns.to_table(consume)
        facts = facts_taker.finish(
            duration_ns=duration_ns,
            sample_count=sample_count,
            stem=self.stacks.stem,
            **counts,
        )
        return self.builder.build(
            facts,
            stacks=self.stacks.table.to_table(),
            samples=samples,
            links=self.links.to_table(),
        )
