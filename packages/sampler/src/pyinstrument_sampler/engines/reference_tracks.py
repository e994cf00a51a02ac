"""What a run of the reference engine remembers of one thread, and of the work that it is given."""

from __future__ import annotations

import threading
import time
from array import array
from contextvars import ContextVar
from typing import TYPE_CHECKING, Callable

from ..facts import thread_name
from ..recording import LinkTable
from ..recording_builder import RecordingBuilder

if TYPE_CHECKING:
    from .reference import ThreadHook

thread_cpu_ns: Callable[[], int] = getattr(time, "thread_time_ns", lambda: 0)
CPU_CLOCK = "thread" if hasattr(time, "thread_time_ns") else ""

# How long a sample waits for the tables, and the program with it: other threads keep them for less,
# if they get to run. But who holds them may wait for what this thread holds, so that after one such
# time, or where that is known to be so, it is not worth much.
PATIENTLY_S = 0.05
BRIEFLY_S = 0.005

# Put into the copy of a context by the thread that works in it: tells that from other copies.
_WORK: ContextVar[tuple[int, object] | None] = ContextVar("pyinstrument_sampler_work", default=None)


class ReferenceTrack:
    """One recorded thread, known by its hook: idents are given to new threads again."""

    __slots__ = (
        "_name",
        "hook",
        "is_at_work",
        "is_own",
        "last_cpu_ns",
        "last_ns",
        "patience_s",
        "row",
        "work",
    )

    def __init__(self, hook: ThreadHook, is_own: bool, now_ns: int) -> None:
        self.hook = hook
        self.is_own = is_own
        self.row = -1  # in the thread table; none before the first sample
        self.last_ns = now_ns
        self.last_cpu_ns = thread_cpu_ns() if hook.ident == threading.get_ident() else 0
        self.work: Work | None = None
        self.is_at_work = False  # still, at the last event
        self.patience_s = PATIENTLY_S
        self._name = ""

    def enter(self, builder: RecordingBuilder) -> None:
        """Makes a row of the thread table, or brings its name up to date."""
        name = thread_name(self.hook.ident) or self._name
        if self.row < 0:
            self.row = builder.thread(self.hook.ident, name)
        elif name != self._name:
            builder.name_thread(self.row, name)
        self._name = name

    def see_work(self, work: Work) -> None:
        """At each event, on the thread itself: from outside its context cannot be told."""
        found = _WORK.get()
        self.is_at_work = found is not None and found[1] is work.token

    @property
    def is_named(self) -> bool:
        """Whether it has a row with a name; threads get theirs a little after their start."""
        return bool(self._name)


class Work:
    """What a thread does in one copy of the profiled context."""

    def __init__(self, token: object, stack: int) -> None:
        self.token = token
        self.stack = stack  # what its samples share
        self.origin: int | None = None  # the last that awaited it
        self.durations: dict[int, int] = {}  # origin -> nanoseconds
        self.unclaimed_ns = 0  # before any


def work_token() -> object:
    """The same for as long as the calling thread stays in one context."""
    ident = threading.get_ident()
    found = _WORK.get()
    if found is None or found[0] != ident:
        found = (ident, object())
        _WORK.set(found)
    return found[1]


class ReferenceLinks:
    """The link table under construction."""

    def __init__(self, builder: RecordingBuilder) -> None:
        self._builder = builder
        self._durations: dict[tuple[int, int, int], int] = {}

    def add(
        self,
        track: ReferenceTrack,
        token: object,
        stack: int,
        origin: int,
        is_awaited: bool,
        duration_ns: int,
    ) -> None:
        """A sample of a thread that works for the profiled context; *origin* as the stacks have it.

        What was done while nobody awaited it belongs to the call that does so before or after; if
        none does, it is not known for whom it was done.
        """
        work = track.work
        if work is None or work.token is not token:
            self.end(track)
            work = track.work = Work(token, stack)
            track.is_at_work = True
        work.stack = self._builder.shared_stack(work.stack, stack)
        if is_awaited:
            work.origin = origin
        work.unclaimed_ns += duration_ns
        if work.origin is not None:
            work.durations[work.origin] = work.durations.get(work.origin, 0) + work.unclaimed_ns
            work.unclaimed_ns = 0

    def end(self, track: ReferenceTrack) -> None:
        """The thread's work has ended, if it did any."""
        if track.work is not None:
            _enter(self._durations, track)
            track.work = None

    def to_table(self, tracks: list[ReferenceTrack]) -> LinkTable:
        """The rows so far, with what *tracks* are working on."""
        durations = dict(self._durations)
        for track in tracks:
            _enter(durations, track)
        stacks, threads, origins = ([key[column] for key in durations] for column in range(3))
        return LinkTable(
            array("I", stacks),
            array("I", threads),
            array("I", origins),
            array("q", durations.values()),
        )


def _enter(durations: dict[tuple[int, int, int], int], track: ReferenceTrack) -> None:
    if track.work is not None:
        for origin, duration_ns in track.work.durations.items():
            key = (track.work.stack, track.row, origin)
            durations[key] = durations.get(key, 0) + duration_ns
