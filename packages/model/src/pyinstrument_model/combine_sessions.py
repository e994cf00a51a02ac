"""Makes one session, and one recording, of several.

The samples of all are ordered by absolute time and all tables are numbered anew, by first use.
So the result follows from the samples alone, and combining is associative.
"""

from __future__ import annotations

from array import array
from typing import Callable, Iterable, Sequence

from pyinstrument_sampler.recording import LinkTable, Recording, RecordingFacts, SampleTable

from .combined_tables import CombinedTables, NewIds, ThreadKey, thread_key
from .session import Session


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
        may_have_sources=first.may_have_sources and second.may_have_sources,
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
    tables = CombinedTables()
    for recording in by_start:
        if len(recording.threads.ident):
            # Row 0 is the thread that started.
            tables.thread(thread_key(recording, 0))
            break
    numbers = [NewIds(recording, tables) for recording in recordings]
    samples = _combine_samples(numbers, earliest.facts.start_time_ns)
    # Only now: the samples come first in the order of ids.
    stem = NewIds(earliest, tables).stack(earliest.facts.stem)
    for key in sorted({key for recording in recordings for key in _thread_keys(recording)}):
        tables.thread(key)
    links = _combine_links(numbers)
    facts = _combine_facts([recording.facts for recording in recordings], earliest.facts, stem)
    return tables.build(samples, links, facts)


def _combine_samples(numbers: Sequence[NewIds], start_time_ns: int) -> SampleTable:
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

    def renumbered(name: str, new_id: Callable[[NewIds, int], int]) -> Iterable[int]:
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
        stack=array("I", renumbered("stack", NewIds.stack)),
        start_ns=array("q", ordered(starts)),
        duration_ns=array("q", column("duration_ns")),
        ticks=array("I", column("ticks")),
        thread=array("I", renumbered("thread", NewIds.thread)),
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
        # Where some samples have no CPU time, none of them can be told from waiting.
        cpu_clock=_common([each.cpu_clock for each in facts], else_=""),
        threads=_common([each.threads for each in facts], else_="chosen"),
        notes=tuple(dict.fromkeys(note for each in facts for note in each.notes)),
    )


def _common(values: Sequence[str], *, else_: str) -> str:
    return values[0] if len(set(values)) == 1 else else_


def _thread_keys(recording: Recording) -> list[ThreadKey]:
    return [thread_key(recording, thread) for thread in range(len(recording.threads.ident))]


def _combine_links(numbers: Sequence[NewIds]) -> LinkTable:
    """The links of all, one for each pair of stacks, in the order of what the stacks say."""
    # Links have no time, and ids depend on the order of sessions: only what they mean does not.
    spent: dict[tuple[object, ...], int] = {}
    found: dict[tuple[object, ...], tuple[NewIds, int, int, int]] = {}
    for source in numbers:
        recording = source.recording
        for stack, thread, origin, duration_ns in zip(*recording.links):
            where = recording.stack(origin), recording.stack(stack), thread_key(recording, thread)
            spent[where] = spent.get(where, 0) + duration_ns
            found[where] = source, stack, thread, origin
    order = sorted(spent)
    rows = [
        (source.stack(stack), source.thread(thread), source.stack(origin))
        for source, stack, thread, origin in map(found.__getitem__, order)
    ]
    return LinkTable(
        stack=array("I", [row[0] for row in rows]),
        thread=array("I", [row[1] for row in rows]),
        origin=array("I", [row[2] for row in rows]),
        duration_ns=array("q", [spent[where] for where in order]),
    )
