"""Makes one session of two.

The samples of both are ordered by absolute time and all tables are numbered anew, by first use.
So the result follows from the samples alone, and combining is associative.
"""

from __future__ import annotations

from array import array
from typing import Callable, Iterable, NamedTuple, Sequence, Tuple

from pyinstrument_sampler.recording import (
    FrameTable,
    LocationTable,
    Recording,
    RecordingFacts,
    SampleTable,
    StackTable,
    ThreadTable,
)

from .session import Session

ThreadKey = Tuple[int, str]


def combine_sessions(first: Session, second: Session) -> Session:
    """Times, samples and CPU time are sums, intervals the extremes. Title, paths and the other
    facts are those of the session that started earlier (*first*, when both at once)."""
    earlier, later = first, second
    if second.facts.start_time_ns < first.facts.start_time_ns:
        earlier, later = second, first
    tables = _Tables()
    for recording in (earlier.recording, later.recording):
        if len(recording.threads.ident):
            # Row 0 is the thread that started.
            tables.thread(_thread_key(recording, 0))
            break
    numbers = (_Numbers(first.recording, tables), _Numbers(second.recording, tables))
    shifts = [s.facts.start_time_ns - earlier.facts.start_time_ns for s in (first, second)]
    samples = _combine_samples(numbers, shifts)
    stem = numbers[0 if earlier is first else 1].stack(earlier.facts.stem)
    for key in sorted({*_thread_keys(first.recording), *_thread_keys(second.recording)}):
        tables.thread(key)
    return Session(
        tables.build(samples, _combine_facts(first, second, earlier, stem)),
        earlier.target_description,
        sys_path=earlier.sys_path,
        sys_prefixes=earlier.sys_prefixes,
        sources=_combine_sources(first, second),
        max_interval_ns=max(first.max_interval_ns, second.max_interval_ns),
    )


def _combine_samples(numbers: tuple[_Numbers, _Numbers], shifts: Sequence[int]) -> SampleTable:
    """The samples of both in the order of time, column by column, with new ids.

    *shifts* is how much later than the earlier recording each began, in nanoseconds.
    """
    one, other = (source.recording.samples for source in numbers)
    starts = [start + shifts[0] for start in one.start_ns]
    starts += [start + shifts[1] for start in other.start_ns]
    # Stable: of two that begin together, the first recording's comes first.
    order = sorted(range(len(starts)), key=starts.__getitem__)

    def ordered(column: Sequence[int]) -> Iterable[int]:
        return map(column.__getitem__, order)

    def renumbered(
        columns: Sequence[Sequence[int]], new_id: Callable[[_Numbers, int], int]
    ) -> Iterable[int]:
        # Ids of the second recording are made odd, those of the first even.
        marked = [2 * old for old in columns[0]] + [2 * old + 1 for old in columns[1]]
        in_order = list(ordered(marked))
        new = {mark: new_id(numbers[mark & 1], mark >> 1) for mark in dict.fromkeys(in_order)}
        return map(new.__getitem__, in_order)

    return SampleTable(
        stack=array("I", renumbered((one.stack, other.stack), _Numbers.stack)),
        start_ns=array("q", ordered(starts)),
        duration_ns=array("q", ordered(one.duration_ns + other.duration_ns)),
        ticks=array("I", ordered(one.ticks + other.ticks)),
        thread=array("I", renumbered((one.thread, other.thread), _Numbers.thread)),
        cpu_ns=array("q", ordered(one.cpu_ns + other.cpu_ns)),
        state=array("B", ordered(one.state + other.state)),
    )


def _combine_facts(first: Session, second: Session, earlier: Session, stem: int) -> RecordingFacts:
    one, other = first.facts, second.facts
    return earlier.facts._replace(
        interval_ns=min(one.interval_ns, other.interval_ns),
        duration_ns=one.duration_ns + other.duration_ns,
        process_cpu_ns=one.process_cpu_ns + other.process_cpu_ns,
        sample_count=one.sample_count + other.sample_count,
        ticks_asked=one.ticks_asked + other.ticks_asked,
        ticks_late=one.ticks_late + other.ticks_late,
        own_cpu_ns=one.own_cpu_ns + other.own_cpu_ns,
        stem=stem,
        notes=tuple(dict.fromkeys(one.notes + other.notes)),
    )


def _combine_sources(first: Session, second: Session) -> dict[str, dict[int, str]]:
    """The lines of both; where they differ, the first's."""
    combined = {file: dict(lines) for file, lines in second.sources.items()}
    for file, lines in first.sources.items():
        combined.setdefault(file, {}).update(lines)
    return combined


def _thread_key(recording: Recording, thread: int) -> ThreadKey:
    return recording.threads.ident[thread], recording.thread_name(thread) or ""


def _thread_keys(recording: Recording) -> list[ThreadKey]:
    return [_thread_key(recording, thread) for thread in range(len(recording.threads.ident))]


class _FrameRow(NamedTuple):
    function: int
    qualname: int
    file: int
    first_line: int
    class_name: int
    kind: int
    hidden: int


class _Tables:
    """Tables under construction; an id is given at first use."""

    __slots__ = ("frames", "locations", "stacks", "strings", "threads")

    def __init__(self) -> None:
        self.strings: dict[str, int] = {"": 0}
        self.frames: dict[_FrameRow, int] = {}
        self.locations: dict[tuple[int, ...], int] = {}
        self.stacks: dict[tuple[int, int], int] = {(0, 0): 0}
        self.threads: dict[tuple[int, int], int] = {}

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def thread(self, key: ThreadKey) -> int:
        return self.threads.setdefault((key[0], self.string(key[1])), len(self.threads))

    def build(self, samples: SampleTable, facts: RecordingFacts) -> Recording:
        frames = list(zip(*self.frames)) or [()] * 7
        locations = list(zip(*self.locations)) or [()] * 4
        parents, above = zip(*self.stacks)
        above = (0, *(location - 1 for location in above[1:]))
        idents, names = zip(*self.threads) if self.threads else ((), ())
        return Recording(
            strings=tuple(self.strings),
            frames=FrameTable(*(array(code, column) for code, column in zip("IIIIIBB", frames))),
            locations=LocationTable(*(array("I", column) for column in locations)),
            stacks=StackTable(array("I", parents), array("I", above)),
            samples=samples,
            threads=ThreadTable(array("Q", idents), array("I", names)),
            facts=facts,
        )


class _Numbers:
    """The new ids of one recording's rows."""

    __slots__ = ("_frames", "_locations", "_stacks", "_tables", "_threads", "recording")

    def __init__(self, recording: Recording, tables: _Tables) -> None:
        self.recording = recording
        self._tables = tables
        self._frames: dict[int, int] = {}
        self._locations: dict[int, int] = {}
        self._stacks: dict[int, int] = {0: 0}
        self._threads: dict[int, int] = {}

    def thread(self, old: int) -> int:
        found = self._threads.get(old)
        if found is None:
            found = self._threads[old] = self._tables.thread(_thread_key(self.recording, old))
        return found

    def stack(self, old: int) -> int:
        known = self._stacks
        found = known.get(old)
        if found is not None:
            return found
        parents, locations = self.recording.stacks
        path = []
        while old not in known:
            path.append(old)
            old = parents[old]
        found = known[old]
        table = self._tables.stacks
        for row in reversed(path):
            # (0, 0) is taken by the empty stack, so locations count from 1 until the end.
            key = (found, self._location(locations[row]) + 1)
            found = known[row] = table.setdefault(key, len(table))
        return found

    def _location(self, old: int) -> int:
        found = self._locations.get(old)
        if found is None:
            table = self.recording.locations
            key = (
                self._frame(table.frame[old]),
                table.line[old],
                table.column[old],
                table.end_column[old],
            )
            locations = self._tables.locations
            found = self._locations[old] = locations.setdefault(key, len(locations))
        return found

    def _frame(self, old: int) -> int:
        found = self._frames.get(old)
        if found is None:
            table, strings = self.recording.frames, self.recording.strings
            string = self._tables.string
            row = _FrameRow(
                function=string(strings[table.function[old]]),
                qualname=string(strings[table.qualname[old]]),
                file=string(strings[table.file[old]]),
                first_line=table.first_line[old],
                class_name=string(strings[table.class_name[old]]),
                kind=table.kind[old],
                hidden=table.hidden[old],
            )
            frames = self._tables.frames
            found = self._frames[old] = frames.setdefault(row, len(frames))
        return found
