"""Makes one session, and one recording, of several.

The samples of all are ordered by absolute time and all tables are numbered anew, by first use.
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
    """A session of both, whose recording is combined when it is first asked for. Title and paths
    are those of the session that started earlier (*first*, when both at once)."""
    earlier = min(first, second, key=_start_time_ns)
    recording, *more_recordings = (*first.recordings, *second.recordings)
    return Session(
        recording,
        earlier.target_description,
        sys_path=earlier.sys_path,
        sys_prefixes=earlier.sys_prefixes,
        sources=_combine_sources(first, second),
        max_interval_ns=max(first.max_interval_ns, second.max_interval_ns),
        more_recordings=more_recordings,
    )


def _start_time_ns(session: Session) -> int:
    return min(recording.facts.start_time_ns for recording in session.recordings)


def _combine_sources(first: Session, second: Session) -> dict[str, dict[int, str]]:
    """The lines of both; where they differ, the first's."""
    combined = {file: dict(lines) for file, lines in second.sources.items()}
    for file, lines in first.sources.items():
        combined.setdefault(file, {}).update(lines)
    return combined


def combine_recordings(recordings: Sequence[Recording]) -> Recording:
    """Times, samples and CPU time are sums, the interval is the shortest. The other facts are those
    of the recording that started earliest (the first, when several at once)."""
    by_start = sorted(recordings, key=lambda recording: recording.facts.start_time_ns)
    earliest = by_start[0]
    tables = _Tables()
    for recording in by_start:
        if len(recording.threads.ident):
            # Row 0 is the thread that started.
            tables.thread(_thread_key(recording, 0))
            break
    numbers = [_Numbers(recording, tables) for recording in recordings]
    samples = _combine_samples(numbers, earliest.facts.start_time_ns)
    # Only now: the samples come first in the order of ids.
    stem = _Numbers(earliest, tables).stack(earliest.facts.stem)
    for key in sorted({key for recording in recordings for key in _thread_keys(recording)}):
        tables.thread(key)
    facts = _combine_facts([recording.facts for recording in recordings], earliest.facts, stem)
    return tables.build(samples, facts)


def _combine_samples(numbers: Sequence[_Numbers], start_time_ns: int) -> SampleTable:
    """The samples of all in the order of time, column by column, with new ids."""
    sources = [source.recording for source in numbers]
    starts: list[int] = []
    for source in sources:
        later_by = source.facts.start_time_ns - start_time_ns
        starts.extend(start + later_by for start in source.samples.start_ns)
    # Stable: of those that begin together, the first recording's comes first.
    order = sorted(range(len(starts)), key=starts.__getitem__)

    def ordered(values: Sequence[int]) -> Iterable[int]:
        return map(values.__getitem__, order)

    def column(name: str) -> Iterable[int]:
        return ordered([value for source in sources for value in getattr(source.samples, name)])

    def renumbered(name: str, new_id: Callable[[_Numbers, int], int]) -> Iterable[int]:
        # The old id and its recording as one number.
        count = len(sources)
        marked = [
            old * count + place
            for place, source in enumerate(sources)
            for old in getattr(source.samples, name)
        ]
        in_order = list(ordered(marked))
        new = {
            mark: new_id(numbers[mark % count], mark // count) for mark in dict.fromkeys(in_order)
        }
        return map(new.__getitem__, in_order)

    return SampleTable(
        stack=array("I", renumbered("stack", _Numbers.stack)),
        start_ns=array("q", ordered(starts)),
        duration_ns=array("q", column("duration_ns")),
        ticks=array("I", column("ticks")),
        thread=array("I", renumbered("thread", _Numbers.thread)),
        cpu_ns=array("q", column("cpu_ns")),
        state=array("B", column("state")),
    )


def _combine_facts(
    facts: Sequence[RecordingFacts], earliest: RecordingFacts, stem: int
) -> RecordingFacts:
    return earliest._replace(
        interval_ns=min(each.interval_ns for each in facts),
        duration_ns=sum(each.duration_ns for each in facts),
        process_cpu_ns=sum(each.process_cpu_ns for each in facts),
        sample_count=sum(each.sample_count for each in facts),
        ticks_asked=sum(each.ticks_asked for each in facts),
        ticks_late=sum(each.ticks_late for each in facts),
        own_cpu_ns=sum(each.own_cpu_ns for each in facts),
        stem=stem,
        notes=tuple(dict.fromkeys(note for each in facts for note in each.notes)),
    )


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
