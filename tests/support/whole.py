"""What holds for every recording, whatever the program did meanwhile."""

from __future__ import annotations

from itertools import count
from operator import lt

from pyinstrument_sampler import Recording


def assert_whole(recording: Recording) -> None:
    """Every id is inside its table, and the samples account for all of the time of the thread that
    was there from the start; no other one has more."""
    samples, stacks = recording.samples, recording.stacks
    assert len(set(map(len, samples))) == 1
    times_ns = [0] * len(recording.threads.name)
    for thread, duration_ns in zip(samples.thread, samples.duration_ns):
        times_ns[thread] += duration_ns
    assert max(times_ns) == times_ns[0] == recording.facts.duration_ns
    assert sum(samples.ticks) == recording.facts.sample_count
    assert min(samples.duration_ns, default=0) >= 0
    assert max(samples.stack, default=0) < len(stacks.parent)
    # No generator: a sampler that runs meanwhile would look at each of its steps.
    assert all(map(lt, stacks.parent[1:], count(1)))
    assert max(stacks.location) < max(1, len(recording.locations.frame))
    assert max(recording.locations.frame, default=0) < max(1, len(recording.frames.function))
    assert max(recording.frames.function, default=0) < len(recording.strings)
