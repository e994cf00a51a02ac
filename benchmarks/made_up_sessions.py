"""Recordings from a seed, to measure what is done with a recording rather than how it is made.

*typical* is what a long run of an ordinary program looks like, *adversarial* the worst one of the
same length, *deep* one recursion, *empty* nothing. The same arguments give the same recording.
"""

from __future__ import annotations

import itertools
import random
from array import array
from typing import Callable, NamedTuple, Sequence

from pyinstrument_sampler.recording import (
    Recording,
    RecordingFacts,
    SampleState,
    SampleTable,
    StackTable,
)
from pyinstrument_sampler.recording_builder import RecordingBuilder

INTERVAL_NS = 1_000_000
PLACES = 4
"""Lines of a function that make calls; each always calls the same function."""
_PLACE_WEIGHTS = [8, 4, 2, 1]
_STRAIGHT_DEPTH = 10
"""So many of the lowest frames are the same in every stack: runner, framework, ``main``."""
_FORK_DEPTH, _FORK_WIDTH = 5, 3
"""Adversarial stacks are shared that deep, with so many ways at each step: 243 groups of 0.4 %,
so that nothing large can be pruned early and nothing small is the same twice."""


def typical(
    samples: int = 100_000,
    *,
    depth: int = 40,
    functions: int = 2_000,
    stacks: int = 5_000,
    threads: int = 1,
    seed: int = 1,
) -> Recording:
    """A walk through a program of *functions* functions, in *stacks* distinct stacks of *depth*
    locations; how often each is seen follows Zipf's law."""
    chance = random.Random(seed)
    builder = RecordingBuilder()
    program = _made_up_program(builder, functions, chance)
    leaves: dict[int, None] = {}  # a set that keeps its order
    while len(leaves) < stacks:
        function, stack = 0, 0
        for level in range(depth):
            straight = level < _STRAIGHT_DEPTH
            place = 0 if straight else chance.choices(range(PLACES), _PLACE_WEIGHTS)[0]
            stack = builder.stack(stack, program.locations[function][place])
            function = program.callees[function][place]
        leaves[stack] = None
    weights = list(itertools.accumulate(1 / rank for rank in range(1, stacks + 1)))
    seen = chance.choices(list(leaves), cum_weights=weights, k=samples)
    for ident in range(threads):
        builder.thread(ident + 1, "MainThread" if ident == 0 else f"worker-{ident}")
    return builder.build(_facts(samples), samples=_sample_table(seen, threads, chance))


def adversarial(
    samples: int = 100_000, *, depth: int = 40, functions: int = 2_000, seed: int = 1
) -> Recording:
    """No two samples have the same stack, and above the fifth location no two share a row.

    *depth* must be more than that.
    """
    chance = random.Random(seed)
    builder = RecordingBuilder()
    program = _made_up_program(builder, functions, chance)
    everywhere = list(itertools.chain.from_iterable(program.locations))
    ways = [places[0] for places in program.locations[:_FORK_WIDTH]]
    parent, location = array("I", [0]), array("I", [0])
    forks: dict[tuple[int, int], int] = {}
    seen = []
    for _ in range(samples):
        stack = 0
        for where in chance.choices(ways, k=_FORK_DEPTH):
            known = forks.get((stack, where))
            if known is None:
                known = forks[stack, where] = len(parent)
                parent.append(stack)
                location.append(where)
            stack = known
        for where in chance.choices(everywhere, k=depth - _FORK_DEPTH):
            parent.append(stack)
            location.append(where)
            stack = len(parent) - 1
        seen.append(stack)
    builder.thread(1, "MainThread")
    return builder.build(
        _facts(samples),
        stacks=StackTable(parent, location),
        samples=_sample_table(seen, 1, chance),
    )


def deep(depth: int = 100_000, *, samples: int = 1_000, seed: int = 1) -> Recording:
    """One function that calls itself *depth* times, seen at *samples* depths on the way."""
    chance = random.Random(seed)
    builder = RecordingBuilder()
    frame = builder.frame("descend", "/home/me/app/deep.py", 1)
    locations = [builder.location(frame, line) for line in (2, 3)]
    stacks = [0]
    for level in range(depth):
        stacks.append(builder.stack(stacks[-1], locations[level % 2]))
    seen = [stacks[chance.randint(1, depth)] for _ in range(samples - 1)] + [stacks[-1]]
    builder.thread(1, "MainThread")
    return builder.build(_facts(samples), samples=_sample_table(seen, 1, chance))


def empty() -> Recording:
    """A run that ended before its first sample."""
    return RecordingBuilder().build(_facts(0))


CASES: dict[str, Callable[[], Recording]] = {
    "empty": empty,
    "typical": typical,
    "adversarial": adversarial,
    "million": lambda: typical(1_000_000),
    "eight threads": lambda: typical(1_000_000, threads=8),
    "deep": deep,
}
"""The recordings that the figures are about."""


class _Program(NamedTuple):
    """Who calls whom. Both lists are by function, then by place."""

    locations: list[list[int]]
    callees: list[list[int]]


def _made_up_program(builder: RecordingBuilder, functions: int, chance: random.Random) -> _Program:
    """Half of the files are an application's, half belong to ten installed libraries."""
    locations, callees = [], []
    for number in range(functions):
        module, position = divmod(number, 20)
        first_line = 1 + 30 * position
        if module % 2:
            folder = f"/usr/lib/python3/site-packages/library_{module % 10}"
        else:
            folder = "/home/me/app"
        frame = builder.frame(
            f"function_{number}",
            f"{folder}/module_{module}.py",
            first_line,
            class_name=f"Class{number % 50}" if number % 3 == 0 else "",
        )
        lines = range(first_line + 3, first_line + 3 + 6 * PLACES, 6)
        locations.append([builder.location(frame, line) for line in lines])
        callees.append([chance.randrange(functions) for _ in range(PLACES)])
    return _Program(locations, callees)


def _sample_table(stacks: Sequence[int], threads: int, chance: random.Random) -> SampleTable:
    """One row a stack, the threads in turn; durations vary as a timer's with jitter do."""
    count = len(stacks)
    durations = array("q", [int(INTERVAL_NS * chance.uniform(0.8, 1.2)) for _ in range(count)])
    starts = array("q")
    clocks = [0] * threads
    for row, duration in enumerate(durations):
        starts.append(clocks[row % threads])
        clocks[row % threads] += duration
    return SampleTable(
        stack=array("I", stacks),
        start_ns=starts,
        duration_ns=durations,
        ticks=array("I", [1]) * count,
        thread=array("I", [row % threads for row in range(count)]),
        cpu_ns=array("q", [duration * 9 // 10 for duration in durations]),
        state=array("B", [SampleState.RUNNING]) * count,
    )


def _facts(samples: int) -> RecordingFacts:
    return RecordingFacts(
        engine="made-up",
        engine_reason="made up by a benchmark",
        async_mode="disabled",
        interval_ns=INTERVAL_NS,
        start_time_ns=1_700_000_000_000_000_000,
        duration_ns=samples * INTERVAL_NS,
        process_cpu_ns=samples * INTERVAL_NS * 9 // 10,
        sample_count=samples,
        ticks_asked=samples,
        ticks_late=0,
        own_cpu_ns=0,
        clock="monotonic",
        cpu_clock="thread",
        stem=0,
        argv=("program.py",),
        python="CPython 3.12.1",
        platform="linux x86_64",
        sampler_version="",
        pid=1,
    )
