"""What a finished run hands over: columns, no object per sample.

A ``Recording`` is pure data (standard library only, nothing compiled), so that a saved one opens
anywhere. Ids are indexes into the tables. Named tuples, since importing ``dataclasses`` is slow.
"""

from __future__ import annotations

from array import array
from enum import IntEnum
from typing import TYPE_CHECKING, Iterator, NamedTuple

if TYPE_CHECKING:
    IntColumn = array[int]
else:
    IntColumn = array  # subscriptable from 3.12 on

BUILT_IN_FILE = "<built-in>"
"""``file`` of every native frame."""


class FrameKind(IntEnum):
    """What a frame stands for."""

    PYTHON = 0
    NATIVE = 1
    """A function without Python code (C, Cython …), seen as the leaf that was being called."""
    SYNTHETIC = 2
    """No function at all: ``[await]``, ``[out-of-context]``, ``[unobserved]``."""


class SampleState(IntEnum):
    """What the thread was doing for the profiled context during a sample."""

    RUNNING = 0
    """In the profiled context: the stack is the thread's own."""
    WAITING = 1
    """In the profiled context, off the CPU. Reserved: no engine tells it yet."""
    AWAITED = 2
    """The thread ran something else; the stack is what the profiled coroutine awaited."""
    OUT_OF_CONTEXT = 3
    """The thread ran outside the profiled context and nothing of it was being awaited; or it is
    another thread than the one that started, and worked for something else."""


class Frame(NamedTuple):
    """One row of the frame table, with its strings looked up."""

    function: str
    """``co_name``; for native frames the qualified name, like ``list.sort``."""
    qualname: str
    """``co_qualname`` where the interpreter has it (3.11+), else ``""``; native: with module."""
    file: str
    """``co_filename`` as compiled; native: :data:`BUILT_IN_FILE`; synthetic: ``""``."""
    first_line: int
    """Line of the ``def``; 0 where there is none."""
    class_name: str
    """Type of ``self`` (or ``cls``) when that was the first argument, else ``""``."""
    kind: FrameKind
    hidden: bool
    """The code has a local ``__tracebackhide__`` or ``__traceback_hide__``."""


class Location(NamedTuple):
    """Where in a frame: what one entry of a stack is."""

    frame: Frame
    line: int
    """Current line, 1-based; 0 unknown."""
    column: int
    """Where the expression begins, 1-based, in UTF-8 bytes; 0 unknown. Known of the newest Python
    frame of a tick, where the engine is ``safepoint``."""
    end_column: int
    """Where it ends, exclusive; 0 unknown, or in another line."""


class Sample(NamedTuple):
    """One row of the sample table."""

    stack: int
    """Id in the stack table; 0 is the empty stack."""
    start_ns: int
    """Nanoseconds since the recording started."""
    duration_ns: int
    """Nanoseconds since the previous sample of this thread: they add up to the time profiled."""
    ticks: int
    """How many observations are merged in this row (equal stack and state, one after the other)."""
    thread: int
    """Index in the thread table."""
    cpu_ns: int
    """CPU time of the thread during the row; 0 where ``facts.cpu_clock`` is ``""``."""
    state: SampleState


class FrameTable(NamedTuple):
    """Distinct frames. The first four columns but ``first_line`` are ids in ``strings``."""

    function: IntColumn  # uint32
    qualname: IntColumn  # uint32
    file: IntColumn  # uint32
    first_line: IntColumn  # uint32
    class_name: IntColumn  # uint32
    kind: IntColumn  # uint8, FrameKind
    hidden: IntColumn  # uint8, 0 or 1


class LocationTable(NamedTuple):
    """Distinct (frame, line, columns)."""

    frame: IntColumn  # uint32
    line: IntColumn  # uint32
    column: IntColumn  # uint32
    end_column: IntColumn  # uint32


class StackTable(NamedTuple):
    """A prefix tree: a stack is its parent and one location more.

    Row 0 is the empty stack (its parent and location are 0 and mean nothing). A parent's id is
    always smaller than its child's, so one pass, forwards or backwards, visits the tree in order.
    """

    parent: IntColumn  # uint32
    location: IntColumn  # uint32


class SampleTable(NamedTuple):
    """Samples; those of one thread in the order of their times, which never overlap."""

    stack: IntColumn  # uint32
    start_ns: IntColumn  # int64
    duration_ns: IntColumn  # int64
    ticks: IntColumn  # uint32
    thread: IntColumn  # uint32
    cpu_ns: IntColumn  # int64
    state: IntColumn  # uint8, SampleState


class ThreadTable(NamedTuple):
    """Threads that have samples; row 0 is the thread that called ``start``, if it is recorded."""

    ident: IntColumn  # uint64, threading.get_ident()
    name: IntColumn  # uint32, id in ``strings``


class LinkTable(NamedTuple):
    """Work that a thread did on behalf of a call in another, which awaited it meanwhile.

    Known where the profiled context was copied (``asyncio.to_thread``). The samples are the
    thread's own: a link says whence, and adds no time.

    One piece of work is all that a thread does in one copy of the context. ``stack`` ends in the
    innermost frame that was there in each of its samples: the function that was handed over, or,
    if they all fell into the same callee, that. Frames were compared, not lines: those of
    ``stack`` are the first sample's. ``origin`` ends in ``[await]``; work that nothing was seen to
    await has no row.
    """

    stack: IntColumn  # uint32, what the thread ran: the innermost frame that all the work shares
    thread: IntColumn  # uint32, index in the thread table
    origin: IntColumn  # uint32, stack of the call that awaited it
    duration_ns: IntColumn  # int64, how long


class RecordingFacts(NamedTuple):
    """How the recording was made: what a reader needs to trust its numbers."""

    engine: str
    """``"setprofile"``, ``"monitoring"``, ``"reference"`` …"""
    engine_reason: str
    """One sentence: why this engine, and why not the better ones."""
    async_mode: str
    """``"enabled"``, ``"disabled"`` or ``"strict"``."""
    interval_ns: int
    """Wanted time between samples."""
    start_time_ns: int
    """Unix time of the start."""
    duration_ns: int
    """Wall time profiled."""
    process_cpu_ns: int
    """CPU time of the whole process meanwhile, all threads."""
    sample_count: int
    """Samples taken: the sum of the ``ticks`` column."""
    ticks_asked: int
    """How often the timer asked for a sample; 0 with a custom clock."""
    ticks_late: int
    """How many of those found an earlier one still waiting (a long C call, for example), or the
    sampler at work: such a one is left out, and the next has its time."""
    own_cpu_ns: int
    """CPU time the sampler itself used: its handler and its timer thread."""
    clock: str
    """``"monotonic"``, or ``"custom"`` when ``clock=`` was given."""
    cpu_clock: str
    """``"thread"``, or ``""`` where CPU time was not recorded."""
    stem: int
    """Stack id of the code that called ``start``; 0 when unknown."""
    argv: tuple[str, ...]
    """``sys.argv`` when the run started."""
    python: str
    """Interpreter and version, like ``"CPython 3.12.1"``."""
    platform: str
    """``sys.platform`` and machine, like ``"linux x86_64"``."""
    sampler_version: str
    pid: int
    notes: tuple[str, ...] = ()
    """Sentences about anything that makes the numbers less than they seem."""
    threads: str = "current"
    """Which threads were asked for: ``"current"``, ``"all"`` or ``"chosen"``."""


class Recording(NamedTuple):
    """Everything one run saw.

    Invariants: ``strings[0] == ""``; the durations of one thread add up to the time it was
    profiled; every id is inside its table. Columns are native-endian :class:`array.array`
    objects of the type code given beside them; treat them as read-only.
    """

    strings: tuple[str, ...]
    frames: FrameTable
    locations: LocationTable
    stacks: StackTable
    samples: SampleTable
    threads: ThreadTable
    links: LinkTable
    facts: RecordingFacts

    def frame(self, frame_id: int) -> Frame:
        """The frame table's row with its strings."""
        frames, strings = self.frames, self.strings
        return Frame(
            function=strings[frames.function[frame_id]],
            qualname=strings[frames.qualname[frame_id]],
            file=strings[frames.file[frame_id]],
            first_line=frames.first_line[frame_id],
            class_name=strings[frames.class_name[frame_id]],
            kind=FrameKind(frames.kind[frame_id]),
            hidden=bool(frames.hidden[frame_id]),
        )

    def stack(self, stack_id: int) -> tuple[Location, ...]:
        """A stack's locations, root first."""
        locations = self.locations
        found = []
        while stack_id:
            where = self.stacks.location[stack_id]
            found.append(
                Location(
                    frame=self.frame(locations.frame[where]),
                    line=locations.line[where],
                    column=locations.column[where],
                    end_column=locations.end_column[where],
                )
            )
            stack_id = self.stacks.parent[stack_id]
        return tuple(reversed(found))

    def iter_samples(self) -> Iterator[Sample]:
        """The samples, row by row."""
        for stack, start, duration, ticks, thread, cpu, state in zip(*self.samples):
            yield Sample(stack, start, duration, ticks, thread, cpu, SampleState(state))

    def thread_name(self, thread: int) -> str | None:
        """Name of a row of the thread table, None where it had none."""
        return self.strings[self.threads.name[thread]] or None
