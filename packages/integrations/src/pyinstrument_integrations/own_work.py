"""Of a session of all threads, what was done for the profiled context: other requests are left out.

The engine tells by each sample whether its thread worked in a copy of that context then.
"""

from __future__ import annotations

from array import array
from itertools import compress

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import (
    LinkTable,
    Recording,
    SampleState,
    SampleTable,
    ThreadTable,
)


def own_work(session: Session) -> Session:
    """The session with its first thread, and of the others what they did in its context."""
    return Session(
        own_samples(session.recording),
        session.target_description,
        sys_path=session.sys_path,
        sys_prefixes=session.sys_prefixes,
        sources=session.sources,
        max_interval_ns=session.max_interval_ns,
    )


def own_samples(recording: Recording) -> Recording:
    """The recording without samples of other threads that were out of context."""
    samples = recording.samples
    is_kept = [
        thread == 0 or state != SampleState.OUT_OF_CONTEXT
        for thread, state in zip(samples.thread, samples.state)
    ]
    if all(is_kept) and len(set(samples.thread)) == len(recording.threads.ident):
        return recording
    kept = SampleTable(*(array(column.typecode, compress(column, is_kept)) for column in samples))
    used = sorted({0, *kept.thread})
    number = {old: new for new, old in enumerate(used)}
    threads = ThreadTable(
        *(array(column.typecode, [column[old] for old in used]) for column in recording.threads)
    )
    links = recording.links
    is_linked = [thread in number for thread in links.thread]
    kept_links = LinkTable(
        *(array(column.typecode, compress(column, is_linked)) for column in links)
    )
    return recording._replace(
        samples=kept._replace(thread=array("I", [number[old] for old in kept.thread])),
        threads=threads,
        links=kept_links._replace(thread=array("I", [number[old] for old in kept_links.thread])),
        facts=recording.facts._replace(sample_count=sum(kept.ticks)),
    )
