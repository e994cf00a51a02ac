"""Whatever was recorded: each format for other tools holds all of it, once."""

from __future__ import annotations

import csv
import io
import marshal
from typing import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.random_recordings import sessions
from support.read_stacks import (
    READERS,
    Stacks,
    expected_stacks,
    in_microseconds,
    one_thread,
    read_collapsed,
    read_pprof,
    read_speedscope,
    thread_names,
    without_empty,
)

from pyinstrument_model import Session
from pyinstrument_renderers.collapsed import CollapsedRenderer
from pyinstrument_renderers.csv import CSVRenderer
from pyinstrument_renderers.pprof import PprofRenderer
from pyinstrument_renderers.pstats import PstatsRenderer
from pyinstrument_renderers.registry import create_renderer
from pyinstrument_renderers.speedscope import SpeedscopeRenderer

clocks = st.sampled_from(["wall", "cpu"])


def total_ns(session: Session, clock: str) -> int:
    index = session.stack_index_of(clock)
    return sum(index.total_ns[lane.row] for lane in index.lanes)


def as_written(stacks: Stacks, session: Session) -> Stacks:
    """In the shape of :func:`expected_stacks`."""
    return stacks if thread_names(session) else one_thread(stacks)


@pytest.mark.parametrize("name", READERS)
@given(session=sessions(threads=3), show_all=st.booleans())
def test_every_stack_of_every_thread_has_its_time(
    name: str, session: Session, show_all: bool
) -> None:
    session = in_microseconds(session)
    labels = name == "chrome-trace"
    expected = expected_stacks(session, labels=labels, show_all=show_all)
    written = create_renderer(name, {"show_all": show_all}).render(session)
    found = as_written(READERS[name](written), session)
    assert without_empty(found) == without_empty(expected)


@given(session=sessions(threads=3), clock=clocks, show_all=st.booleans())
def test_collapsed_stacks_add_up_by_each_clock(
    session: Session, clock: str, show_all: bool
) -> None:
    found = read_collapsed(CollapsedRenderer(clock=clock, show_all=show_all).render(session))
    assert sum(found.values()) == total_ns(session, clock)
    expected: Stacks = {}
    for stack, spent in expected_stacks(
        session, labels=True, clock=clock, show_all=show_all
    ).items():
        # Without threads there is no word for one, and time outside of all calls has its own.
        path = stack if thread_names(session) else stack[1:] or ("[root]",)
        expected[tuple(word.encode("utf-8", "backslashreplace").decode() for word in path)] = spent
    if session.call_tree(clock=clock).root is not None:
        assert found == expected


@given(session=sessions(threads=3), clock=clocks)
def test_speedscope_without_timeline_has_each_stack_once(session: Session, clock: str) -> None:
    text = SpeedscopeRenderer(timeline=False, clock=clock).render(session)
    found = as_written(read_speedscope(text), session)
    expected = expected_stacks(session, clock=clock)
    assert without_empty(found) == without_empty(expected)
    assert sum(found.values()) == total_ns(session, clock)


@given(session=sessions(threads=3), clock=clocks)
def test_pprof_has_both_clocks_whichever_is_shown_first(session: Session, clock: str) -> None:
    found = read_pprof(PprofRenderer(clock=clock).render(session))
    assert sum(found.values()) == total_ns(session, "wall")


@given(session=sessions(threads=3), clock=clocks)
def test_pstats_counts_recursion_once(session: Session, clock: str) -> None:
    stacks = expected_stacks(session, clock=clock, labels=True)
    stats = marshal.loads(PstatsRenderer(clock=clock).render(session))
    if session.call_tree(clock=clock).root is None:  # nothing but the command itself, or no time
        assert sum(in_ns(row[2] for row in stats.values())) == total_ns(session, clock)
        return
    has_root = bool(thread_names(session)) or ("",) in stacks
    own: dict[str, int] = {}
    whole: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for (thread, *path), spent in stacks.items():
        names = [f"thread {thread}", *path] if has_root else path
        own[names[-1]] = own.get(names[-1], 0) + spent
        for name in set(names):
            whole[name] = whole.get(name, 0) + spent
        for pair in set(zip(names, names[1:])):
            pairs[pair] = pairs.get(pair, 0) + spent
    # Names are spelt as cProfile does: compared are the times alone.
    calls = [times for row in stats.values() for times in row[4].values()]
    assert in_ns(row[2] for row in stats.values()) == sorted(
        {**dict.fromkeys(whole, 0), **own}.values()
    )
    assert in_ns(row[3] for row in stats.values()) == sorted(whole.values())
    assert in_ns(times[3] for times in calls) == sorted(pairs.values())
    if has_root:
        assert sum(in_ns(times[2] for times in calls)) == sum(
            sum(in_ns([row[2]])) for row in stats.values() if row[4]
        )


def in_ns(seconds: Iterable[float]) -> list[int]:
    return sorted(round(value * 1e9) for value in seconds)


@given(session=sessions(threads=3), clock=clocks, show_all=st.booleans())
def test_self_times_in_csv_add_up(session: Session, clock: str, show_all: bool) -> None:
    text = CSVRenderer(clock=clock, show_all=show_all).render(session)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(round(float(row["self_seconds"]) * 1e9) for row in rows) == total_ns(session, clock)
    assert all(float(row["self_seconds"]) <= float(row["total_seconds"]) for row in rows)


@pytest.mark.parametrize("name", [*READERS, "collapsed", "csv", "pstats", "markdown"])
@given(session=sessions(threads=2), other=sessions(threads=2))
def test_a_renderer_keeps_nothing_between_sessions(
    name: str, session: Session, other: Session
) -> None:
    renderer = create_renderer(name)
    first = renderer.render(session)
    renderer.render(other)
    assert renderer.render(session) == first
