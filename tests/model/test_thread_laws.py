"""Laws of threads and CPU time: no time is lost or counted twice, and no thread changes another."""

from __future__ import annotations

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plain_trees import with_lines
from support.processor_choices import PROCESSORS, thresholds
from support.random_recordings import sessions

from pyinstrument_model import CallNode, CallTree, ProcessorOptions, Session, function_totals
from pyinstrument_model.processors import (
    Processor,
    default_processors,
    group_library_frames_processor,
    remove_irrelevant_nodes,
)
from pyinstrument_sampler.recording import SampleState

chains = st.lists(st.sampled_from(PROCESSORS), max_size=6)
clocks = st.sampled_from(["wall", "cpu"])


def time_by_thread(session: Session) -> dict[int, int]:
    """Nanoseconds by ident, of threads that have any."""
    found: dict[int, int] = {}
    for sample in session.recording.iter_samples():
        ident = session.recording.threads.ident[sample.thread]
        found[ident] = found.get(ident, 0) + sample.duration_ns
    return {ident: spent for ident, spent in found.items() if spent}


def cpu_of(session: Session) -> int:
    """CPU nanoseconds, without what was awaited."""
    return sum(
        sample.cpu_ns
        for sample in session.recording.iter_samples()
        if sample.state is not SampleState.AWAITED
    )


@given(sessions(threads=4), chains, thresholds)
def test_a_threads_root_has_the_time_of_its_samples(
    session: Session, processors: list[Processor], threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    tree = session.call_tree(processors, options)
    tree.self_check()
    spent = time_by_thread(session)
    if len(spent) < 2:
        assert not any(root.is_thread for root in tree.roots)
        return
    shown = {root.line_no: root.total_ns for root in tree.roots}
    assert shown == {ident: spent[ident] for ident in spent if ident in shown}
    if remove_irrelevant_nodes not in processors:
        assert set(shown) == set(spent)
    else:
        gone = max((spent[ident] for ident in spent if ident not in shown), default=0)
        assert gone < threshold * max(spent.values()) or not gone
    assert tree.total_ns == sum(spent.values())


def subtrees(tree: CallTree) -> dict[int | None, Any]:
    """Everything of every node by thread, except how groups are numbered."""
    found = {}
    for root in tree.roots:
        nodes = with_lines(CallTree(root))
        found[root.line_no] = [(*node[:-2], node[-2] is None, node[-1]) for node in nodes]
    return found


@given(sessions(threads=3), chains, thresholds, clocks)
def test_a_thread_looks_the_same_whatever_the_others_do(
    session: Session, processors: list[Processor], threshold: float, clock: str
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    before = session.call_tree(processors, options, clock=clock)
    samples = session.recording.samples
    threads = session.recording.threads.ident
    if not before.roots or not before.roots[0].is_thread:
        return
    for thread in set(samples.thread):
        kept = [stack if thread == own else 0 for stack, own in zip(samples.stack, samples.thread)]
        changed = session.recording._replace(samples=samples._replace(stack=array("I", kept)))
        alone = Session(changed, sys_path=session.sys_path, sys_prefixes=session.sys_prefixes)
        tree = alone.call_tree(processors, options, clock=clock)
        ident = threads[thread]
        assert subtrees(tree).get(ident) == subtrees(before).get(ident)


@given(sessions(threads=3), chains, thresholds)
def test_trees_by_cpu_time_built_at_once_equal_those_run_step_by_step(
    session: Session, processors: list[Processor], threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    tree = session.call_tree([], clock="cpu")
    assert tree.total_ns == cpu_of(session)
    for processor in processors:
        tree = processor(tree, options)
    at_once = session.call_tree(processors, options, clock="cpu")
    at_once.self_check()
    assert with_lines(at_once) == with_lines(tree)


@given(sessions(threads=3), st.booleans())
def test_functions_add_up_the_same_by_cpu_time(session: Session, show_all: bool) -> None:
    chain = default_processors(show_all=show_all)
    left_out = (remove_irrelevant_nodes, group_library_frames_processor)
    kept = [processor for processor in chain if processor not in left_out]
    tree = session.call_tree(kept, clock="cpu")
    assert function_totals(session, chain, clock="cpu") == function_totals(tree)


def cpu_of_children(node: CallNode) -> int:
    return sum(child.cpu_ns for child in node.children)


@given(sessions(threads=3), st.booleans())
def test_cpu_time_of_a_node_is_that_of_its_children(session: Session, trim_stem: bool) -> None:
    tree = session.call_tree([], trim_stem=trim_stem)
    for node in tree.iter_nodes():
        assert node.children == [] or node.cpu_ns == cpu_of_children(node)
        assert node.waiting_ns == max(0, node.total_ns - node.cpu_ns)
    assert tree.root is None or tree.root.cpu_ns == cpu_of(session)


@given(sessions(threads=3), chains, thresholds)
def test_processors_neither_make_nor_lose_cpu_time(
    session: Session, processors: list[Processor], threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    tree = session.call_tree(processors, options)
    assert tree.root is None or tree.root.cpu_ns == cpu_of(session)
    for node in tree.iter_nodes():
        assert 0 <= cpu_of_children(node) <= node.cpu_ns <= node.total_ns


@given(sessions(threads=3), sessions(threads=3))
def test_links_add_up_when_sessions_are_combined(first: Session, second: Session) -> None:
    both = Session.combine(first, second)
    spent = [sum(session.recording.links.duration_ns) for session in (first, second, both)]
    assert spent[0] + spent[1] == spent[2]
    for link in both.call_tree([]).links():
        assert link.origin is not None or link.work is not None


@pytest.mark.parametrize("clock", ["wall", "cpu"])
@given(session=sessions(threads=4))
def test_every_node_belongs_to_one_thread(session: Session, clock: str) -> None:
    tree = session.call_tree(clock=clock)
    seen = [id(node) for root in tree.roots for node in root.iter_nodes()]
    assert len(seen) == len(set(seen))
