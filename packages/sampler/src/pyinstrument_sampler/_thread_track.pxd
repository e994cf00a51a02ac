"""What a run remembers of one thread that it records."""

from libc.stdint cimport int64_t, uint64_t

from pyinstrument_sampler._compat cimport PyThreadState


cdef class ThreadTrack:
    cdef readonly uint64_t thread_id  # see pyi_thread_id; the ident may be another thread's later
    cdef readonly unsigned long ident
    cdef readonly bint is_own  # of the thread that started the run
    cdef uint64_t native_id  # 0: not known
    cdef int64_t row  # in the thread table; -1: no samples yet
    cdef str name  # what `threading` called it when asked last
    cdef uint64_t tick  # the run's tick that its last sample answered
    cdef int64_t last_ns
    cdef int64_t last_cpu_ns  # -1: not known

    cdef PyThreadState *find(self)
    cdef int64_t cpu_ns(self, PyThreadState *thread)
    cdef bint learn_name(self) except -1


cdef ThreadTrack new_track(PyThreadState *thread, bint is_own)
