"""What a run has seen of its threads: samples, and links between them."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from pyinstrument_sampler._compat cimport PyThreadState
from pyinstrument_sampler._context_links cimport ContextLinks
from pyinstrument_sampler._native_stacks cimport Event, NativeStacks
from pyinstrument_sampler._sample_columns cimport SampleColumns
from pyinstrument_sampler._thread_track cimport ThreadTrack


cdef class ThreadSamples:
    cdef object builder
    cdef NativeStacks stacks
    cdef SampleColumns columns
    cdef ContextLinks links
    cdef dict tracks  # thread id -> ThreadTrack
    cdef uint64_t own_id  # of the thread that started the run, see pyi_thread_id
    cdef bint is_open
    cdef bint was_in_context
    cdef int64_t start_ns

    cdef ThreadTrack track_of(self, PyThreadState *thread)
    cdef ThreadTrack watch(self, PyThreadState *thread, int64_t now_ns)
    cdef int open(self, int64_t now_ns) except -1
    cdef int observe(self, ThreadTrack track, const Event *event, int64_t now_ns) except -1
    cdef int observe_tick(
        self,
        ThreadTrack track,
        const Event *event,
        bint is_in_context,
        int64_t now_ns,
        int64_t cpu_ns,
        uint32_t ticks,
    ) except -1
    cdef int observe_nothing(self, ThreadTrack track, int64_t now_ns) except -1
    cdef object to_recording(self, object facts_taker, bint consume, dict counts)

    cdef int _enter(self, ThreadTrack track) except -1
    cdef int _add(
        self,
        ThreadTrack track,
        object context,
        uint32_t stack,
        int64_t now_ns,
        uint8_t state,
        int64_t cpu_ns,
        uint32_t ticks=*,
    ) except -1
