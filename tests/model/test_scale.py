"""Depth is free, and cost follows distinct stacks, not samples."""

from __future__ import annotations

import time
from array import array

import pytest
from support.made_up_sessions import MS, make_facts

from pyinstrument_model import Session, function_totals
from pyinstrument_model.processors import default_processors
from pyinstrument_sampler.recording import SampleTable
from pyinstrument_sampler.recording_builder import RecordingBuilder

DEPTH = 100_000
GENEROUS_S = 20
"""Many times what it takes: fails where the cost is not linear, not where a machine is busy."""


@pytest.fixture(scope="module")
def deep_session() -> Session:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    places = [
        builder.location(builder.frame(name, f"/usr/lib/python3.12/{name}.py", 1), 2)
        for name in ("even", "odd")
    ]
    stack = builder.stack(0, builder.location(builder.frame("main", "/app/main.py", 1), 2))
    for depth in range(DEPTH):
        stack = builder.stack(stack, places[depth % 2])
    builder.add_sample(stack, MS)
    return Session(builder.build(make_facts()), sys_prefixes=["/usr"])


@pytest.mark.parametrize("show_all", [False, True])
@pytest.mark.parametrize("timeline", [False, True])
def test_a_stack_of_a_hundred_thousand_frames_makes_a_tree(
    deep_session: Session, show_all: bool, timeline: bool
) -> None:
    start = time.perf_counter()
    chain = default_processors(show_all=show_all, timeline=timeline)
    tree = deep_session.call_tree(chain)
    tree.self_check()
    nodes = sum(1 for _ in tree.iter_nodes())
    assert tree.root is not None
    assert (nodes, tree.root.await_time()) == (DEPTH + 1, 0.0)
    assert tree.root.to_json_str().count('"identifier"') == nodes
    assert time.perf_counter() - start < GENEROUS_S


def test_a_deep_stack_is_saved_summed_and_combined(deep_session: Session) -> None:
    start = time.perf_counter()
    assert Session.from_bytes(deep_session.to_bytes()) == deep_session
    totals = {row.function.name: row.total_ns for row in function_totals(deep_session)}
    assert totals == {"main": MS, "even": MS, "odd": MS}
    twice = Session.combine(deep_session, deep_session)
    assert twice.call_tree().total_ns == 2 * MS
    assert time.perf_counter() - start < GENEROUS_S


def test_a_million_samples_are_read_and_drawn_in_seconds() -> None:
    count = 1_000_000
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    main = builder.location(builder.frame("main", "/app/main.py", 1), 2)
    stacks = []
    for number in range(100):
        leaf = builder.frame(f"leaf_{number}", "/app/leaves.py", number + 1)
        stacks.append(builder.stack(builder.stack(0, main), builder.location(leaf)))
    samples = SampleTable(
        stack=array("I", stacks * (count // 100)),
        start_ns=array("q", range(0, count * MS, MS)),
        duration_ns=array("q", [MS]) * count,
        ticks=array("I", [1]) * count,
        thread=array("I", [0]) * count,
        cpu_ns=array("q", [MS]) * count,
        state=array("B", [0]) * count,
    )
    session = Session(builder.build(make_facts(), samples=samples))
    content = session.to_bytes()
    start = time.perf_counter()
    tree = Session.from_bytes(content).call_tree()
    assert time.perf_counter() - start < GENEROUS_S
    assert tree.root is not None
    assert [child.total_ns for child in tree.root.children] == [10_000 * MS] * 100
