"""Joins what was peeked at a tick with the real stack at the safepoint after it.

From the innermost frame that both have, the *junction*, down to the root everything comes from
the real stack. Peeked frames above it have returned since; real frames above it came later.
"""

from cpython.object cimport PyObject
from libc.stdint cimport uint32_t, uintptr_t
from libc.string cimport memset

from pyinstrument_sampler._broken_chains cimport BrokenChains
from pyinstrument_sampler._call_sites cimport NO_CALL, CallSites
from pyinstrument_sampler._compat cimport (
    PYI_ALL_FRAMES,
    PYI_NO_CALL,
    PYI_NOT_BEGUN,
    PyThreadState_Get,
    pyi_frame,
)
from pyinstrument_sampler._id_map cimport NO_ID
from pyinstrument_sampler._live_code cimport LiveCode
from pyinstrument_sampler._native_stacks cimport Event, NativeStacks
from pyinstrument_sampler._path_table cimport PathTable
from pyinstrument_sampler._safepoint cimport (
    pyi_is_entering,
    pyi_peek,
    pyi_peeked_lasti,
)


cdef extern from "peek_target.h":
    PyObject *pyi_frame_globals(uintptr_t frame)
    PyObject *pyi_frame_builtins(uintptr_t frame)

# The peek at a thread that nobody peeked at.
cdef pyi_peek nothing
memset(&nothing, 0, sizeof(nothing))


cdef class JoinedStacks(NativeStacks):
    """Stacks of a run whose thread is peeked at. What is believed, and why: docs/how/safepoint.md."""

    def __cinit__(self, builder, request):
        self.paths = PathTable()
        self.live = LiveCode(self.registry)
        self.broken = BrokenChains(self.live, self.paths, self.registry, self.table)
        self.calls = CallSites(self.registry)

    cdef uint32_t as_it_is(self, const Event *event) except? 0xFFFFFFFF:
        cdef bint is_peeked = self.tick != NULL and self.tick.thread == <uintptr_t>event.thread
        if not is_peeked and event.frame != NULL:
            return NativeStacks.as_it_is(self, event)
        cdef Py_ssize_t count = self._copy(event.thread, event.frame, PYI_ALL_FRAMES)
        self.live.are_callers_here = event.thread == PyThreadState_Get()
        try:
            return self._join(count) if is_peeked else self._standing(count)
        finally:
            self.global_names = self.builtins = None
            self.live.release_callers()
            self._release(count)

    cdef uint32_t _standing(self, Py_ssize_t count) except? 0xFFFFFFFF:
        """Stack id of a thread that does not run; ``frames`` holds its stack, newest first."""
        cdef uint32_t path = 0
        self._hold_names(0, count)
        return self._real(&nothing, 0, count, 0, 0, &path)

    cdef void _hold_names(self, Py_ssize_t at, Py_ssize_t count):
        """Remembers where a frame looks names up. To name what is new may let its thread run on,
        out of that frame: this comes first."""
        if at < count and self.frames[at].lasti >= 0:
            self.global_names = <object>pyi_frame_globals(self.frames[at].address)
            self.builtins = <object>pyi_frame_builtins(self.frames[at].address)

    cdef uint32_t _join(self, Py_ssize_t count) except? 0xFFFFFFFF:
        """Stack id of the tick; ``frames`` holds the real stack, newest first."""
        cdef const pyi_peek *peek = &self.tick.peek
        cdef bint is_proven = self.tick.is_proven
        cdef Py_ssize_t first = 0
        cdef Py_ssize_t popped
        cdef Py_ssize_t junction = -1
        cdef uint32_t stack
        cdef uint32_t path = 0
        cdef int lasti
        if count > 0 and pyi_is_entering(self.frames[0].code, self.frames[0].lasti):
            # Entered to settle the tick: not in the peek, though it may have the place and the
            # code of a frame that is. Then the proof may have seen this one.
            first = 1
        for popped in range(peek.count):
            junction = self._match(peek, popped, first, count)
            if junction >= 0:
                break
            if (
                first
                and peek.frames[popped].frame == self.frames[0].address
                and peek.frames[popped].code == <size_t>self.frames[0].code
            ):
                # It is that one only if it stands at its beginning: a caller stands at a call.
                lasti = pyi_peeked_lasti(self.frames[0].code, peek.frames[popped].instruction)
                if popped == 0 or lasti < 0 or pyi_is_entering(self.frames[0].code, lasti):
                    is_proven = False
        if junction < 0:
            stack = self._real(peek, first, count, first, peek.count, &path)
            # Another greenlet's, perhaps: believed from its root on.
            return (
                (peek.is_whole and self._popped(peek, peek.count, False, 0, 0, NULL, 0))
                or self.broken.stack(peek, self.frames + first, count - first, self.own_code)
                or stack
            )
        if popped == 0:
            self._hold_names(junction, count)
        else:
            self.live.hold_callers(self.frames + junction, count - junction)
        stack = self._real(peek, first, count, junction, popped, &path)
        return self._popped(
            peek, popped, is_proven, stack, path, self.frames + junction, count - junction
        )

    cdef Py_ssize_t _match(
        self, const pyi_peek *peek, Py_ssize_t peeked, Py_ssize_t first, Py_ssize_t count
    ):
        """Place on the real stack of a peeked frame and of all below it; -1 if there is none."""
        cdef Py_ssize_t real, at
        for real in range(first, count):
            at = 0
            while peeked + at < peek.count and real + at < count:
                if (
                    peek.frames[peeked + at].frame != self.frames[real + at].address
                    or peek.frames[peeked + at].code != <size_t>self.frames[real + at].code
                ):
                    break
                at += 1
            if peeked + at == peek.count or real + at == count:
                return real
        return -1

    cdef uint32_t _real(
        self, const pyi_peek *peek, Py_ssize_t first, Py_ssize_t count, Py_ssize_t junction,
        Py_ssize_t peeked, uint32_t *path,
    ) except? 0xFFFFFFFF:
        """Stack, and path, of the real frames from the root up to the junction.

        Where a frame was at the tick, the peek knows better. The path of all frames is learned.
        """
        cdef uint32_t stack = 0
        cdef uint32_t learned = 0
        cdef uint32_t entry, name, place
        cdef Py_ssize_t real, at
        cdef int lasti, peeked_lasti
        cdef const pyi_frame *caller = NULL
        for real in range(count - 1, -1, -1):
            code = self.frames[real].code
            if self.frames[real].lasti == PYI_NO_CALL:
                self.own_code = <uintptr_t>code
                continue
            if self.frames[real].lasti == PYI_NOT_BEGUN:
                continue
            entry = self.registry.entry(code)
            name = 0
            if self.frames[real].type != NULL:
                name = self.registry.type_name(self.frames[real].type)
            if real >= junction:
                lasti = self.frames[real].lasti
                at = peeked + real - junction
                if at < peek.count:
                    peeked_lasti = pyi_peeked_lasti(code, peek.frames[at].instruction)
                    if at == 0 and peeked_lasti < 0:
                        junction += 1  # it had not begun: that is its caller's time
                    elif peeked_lasti >= 0:
                        lasti = peeked_lasti
                if real >= junction and at > 0:
                    stack = self.table.stack(stack, self.registry.place(code, entry, name, lasti))
                elif real >= junction:
                    place = self.registry.exact_place(code, entry, name, lasti)
                    stack = self._with_call(self.table.stack(stack, place), real, entry, lasti)
            learned = self.paths.learn(learned, self.registry.entries[entry].serial, name)
            if caller != NULL:
                self.paths.note_call(learned, caller.code, caller.lasti)
            caller = &self.frames[real]
            if real >= junction:
                path[0] = learned
        return stack

    cdef uint32_t _with_call(
        self, uint32_t stack, Py_ssize_t real, uint32_t entry, int lasti
    ) except? 0xFFFFFFFF:
        """*stack* with the function without Python code on it that the frame was calling."""
        if self.global_names is None:
            return stack
        cdef uint32_t leaf = self.calls.leaf(
            self.frames[real].code,
            self.registry.entries[entry].serial,
            lasti,
            self.global_names,
            self.builtins,
            0 if self.tick == NULL else self.tick.still_ns,
        )
        return stack if leaf == NO_CALL else self.table.stack(stack, leaf)

    cdef uint32_t _popped(
        self, const pyi_peek *peek, Py_ssize_t popped, bint is_proven, uint32_t stack,
        uint32_t path, const pyi_frame *callers, Py_ssize_t count,
    ) except? 0xFFFFFFFF:
        """*stack* with the peeked frames on it that have returned since, as far as believed."""
        cdef Py_ssize_t at
        cdef uint32_t entry, known, name, place
        cdef int lasti
        cdef int call = -1  # of `caller`, the frame before
        cdef PyObject *code
        held = caller = None
        for at in range(popped - 1, -1, -1):
            if at > 0 and self.own_code != 0 and peek.frames[at].code == self.own_code:
                continue
            entry = self.live.find(peek.frames[at].code, callers, count)
            if entry == NO_ID:
                break
            caller = held
            held = <object><PyObject *>peek.frames[at].code  # to name it may run the collector
            code = <PyObject *>held
            lasti = pyi_peeked_lasti(code, peek.frames[at].instruction)
            if at == 0 and lasti < 0:
                break
            known = self.paths.find(path, self.registry.entries[entry].serial)
            if lasti < 0 or (known == NO_ID and not is_proven):
                break
            if known == NO_ID:
                known = self.paths.learn(path, self.registry.entries[entry].serial, 0)
            if is_proven and call >= 0:
                self.paths.note_call(known, <PyObject *>caller, call)
            call = lasti
            name = self.paths.type_name(known)
            if at > 0:
                place = self.registry.place(code, entry, name, lasti)
            else:
                place = self.registry.exact_place(code, entry, name, lasti)
            stack = self.table.stack(stack, place)
            path = known
        return stack
