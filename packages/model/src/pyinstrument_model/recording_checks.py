"""Checks that a recording from outside holds together, before anything relies on it.

Column-wise, so that a million samples take milliseconds.
"""

from __future__ import annotations

from operator import le
from typing import Sequence

from pyinstrument_sampler.recording import FrameKind, Recording, SampleState


def check_recording(recording: Recording) -> str | None:
    """The first fault as half a sentence; None when every id is inside its table and every time
    can be one."""
    strings = recording.strings
    if not strings or strings[0]:
        return "its first string is not the empty one"
    for name, table in (
        ("frame", recording.frames),
        ("location", recording.locations),
        ("stack", recording.stacks),
        ("sample", recording.samples),
        ("thread", recording.threads),
        ("link", recording.links),
    ):
        if len({len(column) for column in table}) != 1:
            return f"the columns of its {name} table differ in length"
    parents = recording.stacks.parent
    size = len(parents)
    if not size or parents[0] or recording.stacks.location[0]:
        return "its stack table does not begin with the empty stack"
    if not all(map(le, parents[1:], range(size))):
        return "a stack's parent comes after it"
    for what, column, limit in _ids(recording):
        if len(column) and max(column) >= limit:
            return f"{what} {max(column)} is not in its table of {limit}"
    samples = recording.samples
    for what, times in (
        ("start", samples.start_ns),
        ("duration", samples.duration_ns),
        ("CPU time", samples.cpu_ns),
    ):
        if len(times) and min(times) < 0:
            return f"a sample has a {what} of {min(times)} ns"
    spent = recording.links.duration_ns
    if len(spent) and min(spent) < 0:
        return f"a link has a duration of {min(spent)} ns"
    if recording.facts.stem >= size:
        return f"stack {recording.facts.stem} is not in its table of {size}"
    return None


def _ids(recording: Recording) -> Sequence[tuple[str, Sequence[int], int]]:
    frames, samples, links = recording.frames, recording.samples, recording.links
    strings, stacks = len(recording.strings), len(recording.stacks.parent)
    threads = len(recording.threads.ident)
    return (
        ("string", frames.function, strings),
        ("string", frames.qualname, strings),
        ("string", frames.file, strings),
        ("string", frames.class_name, strings),
        ("frame kind", frames.kind, len(FrameKind)),
        ("frame", recording.locations.frame, len(frames.function)),
        # Without row 0, which means nothing: there may be no location at all.
        ("location", recording.stacks.location[1:], len(recording.locations.frame)),
        ("stack", samples.stack, stacks),
        ("sample state", samples.state, len(SampleState)),
        ("thread", samples.thread, threads),
        ("string", recording.threads.name, strings),
        ("stack", links.stack, stacks),
        ("thread", links.thread, threads),
        ("stack", links.origin, stacks),
    )
