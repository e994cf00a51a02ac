"""What a run remembers of one thread that it records: when its last sample was, and its name."""

import threading

from libc.stdint cimport int64_t

from pyinstrument_sampler._compat cimport (
    PyThreadState,
    PyThreadState_Get,
    pyi_find_thread,
    pyi_native_id,
    pyi_thread_id,
    pyi_thread_ident,
)
from pyinstrument_sampler._timer cimport pyi_cpu_ns_of, pyi_thread_cpu_ns

cdef dict of_threading = threading.__dict__


cdef class ThreadTrack:
    """A thread is known by its ``thread_id``: idents are given to new threads again."""

    cdef PyThreadState *find(self):
        """The thread; NULL once it has ended. Good until the GIL is let go."""
        return pyi_find_thread(self.thread_id)

    cdef int64_t cpu_ns(self, PyThreadState *thread):
        """What *thread*, which is this one, has used of the CPU; -1 if that cannot be known."""
        if thread == PyThreadState_Get():
            return pyi_thread_cpu_ns()
        return pyi_cpu_ns_of(self.native_id)

    cdef bint learn_name(self) except -1:
        """Asks ``threading`` for the name, while the thread lives; whether that is news."""
        # As `facts.thread_name`, without the property of `Thread`, which is bytecode. A thread is
        # entered a little after its first events, and may get another name at any time.
        active = of_threading.get("_active")
        thread = None if type(active) is not dict else (<dict>active).get(self.ident)
        name = None if thread is None else getattr(thread, "_name", None)
        if type(name) is not str or name == self.name:
            return False
        self.name = name
        return True


cdef ThreadTrack new_track(PyThreadState *thread, bint is_own):
    cdef ThreadTrack track = ThreadTrack.__new__(ThreadTrack)
    track.thread_id = pyi_thread_id(thread)
    track.ident = pyi_thread_ident(thread)
    track.is_own = is_own
    track.native_id = pyi_native_id(thread)
    track.row = -1
    track.name = ""
    track.last_cpu_ns = track.cpu_ns(thread)
    return track
