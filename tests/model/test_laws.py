"""Laws that hold for every recording: time is conserved, fused building equals step by step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plain_trees import with_lines
from support.processor_choices import PROCESSORS, thresholds
from support.random_recordings import HIDDEN_AND_NOT, sessions

from pyinstrument_model import CallTree, ProcessorOptions, Session, function_totals
from pyinstrument_model.functions import THREAD_FILE, FunctionKey, function_key
from pyinstrument_model.processors import (
    Processor,
    aggregate_repeated_calls,
    default_processors,
    group_library_frames_processor,
    merge_consecutive_self_time,
    remove_irrelevant_nodes,
    remove_tracebackhide,
)


def step_by_step(
    session: Session, processors: list[Processor], options: ProcessorOptions
) -> CallTree:
    tree = session.call_tree([])
    for processor in processors:
        tree = processor(tree, options)
    return tree


@given(sessions())
def test_the_full_tree_holds_all_time_that_was_sampled(session: Session) -> None:
    tree = session.call_tree([])
    tree.self_check()
    assert tree.total_ns == sum(session.recording.samples.duration_ns)


@given(sessions(), st.booleans(), st.booleans(), thresholds)
def test_the_default_chains_built_at_once_equal_those_run_step_by_step(
    session: Session, show_all: bool, timeline: bool, threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    processors = default_processors(show_all=show_all, timeline=timeline)
    fused = session.call_tree(processors, options)
    assert with_lines(fused) == with_lines(step_by_step(session, processors, options))


@given(sessions(), st.lists(st.sampled_from(PROCESSORS), max_size=6), thresholds)
def test_any_processors_built_at_once_equal_those_run_step_by_step(
    session: Session, processors: list[Processor], threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    fused = session.call_tree(processors, options)
    fused.self_check()
    assert with_lines(fused) == with_lines(step_by_step(session, processors, options))


@pytest.mark.parametrize(
    "processors",
    [
        [remove_tracebackhide],
        [remove_tracebackhide, remove_irrelevant_nodes],
        [merge_consecutive_self_time, remove_tracebackhide],
        [remove_irrelevant_nodes, aggregate_repeated_calls],
        [aggregate_repeated_calls, remove_tracebackhide],
        [aggregate_repeated_calls, remove_irrelevant_nodes],
    ],
    ids=lambda processors: "+".join(processor.__name__ for processor in processors),
)
@given(session=sessions(frames=HIDDEN_AND_NOT, threads=1), threshold=thresholds)
def test_the_order_of_processors_means_what_it_says(
    processors: list[Processor], session: Session, threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    fused = session.call_tree(processors, options)
    assert with_lines(fused) == with_lines(step_by_step(session, processors, options))


@pytest.mark.parametrize("processor", PROCESSORS)
@given(session=sessions(), threshold=thresholds)
def test_a_processor_conserves_time(
    processor: Processor, session: Session, threshold: float
) -> None:
    options = ProcessorOptions.of({"filter_threshold": threshold})
    tree = session.call_tree([])
    before = tree.total_ns
    tree = processor(tree, options)
    tree.self_check()
    assert tree.total_ns == before


@given(sessions(), st.booleans())
def test_self_time_is_never_more_than_total_time(session: Session, timeline: bool) -> None:
    tree = session.call_tree(default_processors(timeline=timeline))
    for node in tree.iter_nodes():
        assert 0 <= node.self_ns <= node.total_ns
        for line in node.lines.values():
            assert 0 <= line.self_ns <= line.total_ns


@given(sessions())
def test_a_functions_times_are_those_of_the_samples_that_it_is_in(session: Session) -> None:
    """Counted here from the samples one by one; each sample counts once, however often the
    function is in it."""
    self_ns: dict[FunctionKey, int] = {}
    total_ns: dict[FunctionKey, int] = {}
    for sample in session.recording.iter_samples():
        keys = [
            function_key(
                frame.function,
                frame.qualname,
                frame.file,
                frame.first_line,
                frame.kind,
                frame.class_name,
            )
            for frame, *_ in session.recording.stack(sample.stack)
        ]
        for key in set(keys):
            total_ns[key] = total_ns.get(key, 0) + sample.duration_ns
        if keys:
            self_ns[keys[-1]] = self_ns.get(keys[-1], 0) + sample.duration_ns
    tree = CallTree(session.root_frame(trim_stem=False), session)
    assert {
        row.function.key: (row.self_ns, row.total_ns)
        for row in function_totals(tree)
        if row.function.file != THREAD_FILE
    } == {key: (self_ns.get(key, 0), total) for key, total in total_ns.items() if total}


@given(sessions(), st.booleans())
def test_functions_add_up_the_same_from_stacks_and_from_a_tree(
    session: Session, show_all: bool
) -> None:
    chain = default_processors(show_all=show_all)
    left_out = (remove_irrelevant_nodes, group_library_frames_processor)
    tree = session.call_tree([processor for processor in chain if processor not in left_out])
    assert function_totals(session, chain) == function_totals(tree)
    assert function_totals(session) == function_totals(session.call_tree([]))


@given(sessions())
def test_lines_of_a_function_add_up_to_its_time(session: Session) -> None:
    for node in session.call_tree([aggregate_repeated_calls]).iter_nodes():
        if not node.is_synthetic:
            assert sum(line.total_ns for line in node.lines.values()) == node.total_ns
            assert sum(line.self_ns for line in node.lines.values()) == node.self_ns


@given(sessions())
def test_what_is_saved_is_what_is_loaded(session: Session) -> None:
    assert Session.from_bytes(session.to_bytes()) == session


@given(sessions(), sessions(), sessions())
def test_combining_is_associative(first: Session, second: Session, third: Session) -> None:
    left = Session.combine(Session.combine(first, second), third)
    right = Session.combine(first, Session.combine(second, third))
    assert left == right


@given(sessions(), sessions(), sessions())
def test_combining_at_once_equals_combining_one_after_the_other(
    first: Session, second: Session, third: Session
) -> None:
    pair = Session.combine(first, second)
    at_once = Session.combine(pair, third)
    assert pair.sample_count == first.sample_count + second.sample_count
    assert len(pair.recordings) == 1  # since it was asked for a count
    assert Session.combine(pair, third) == at_once


@given(sessions())
def test_a_session_combined_with_itself_is_twice_that(session: Session) -> None:
    twice = Session.combine(session, session)
    assert [
        (row.function.key, row.class_name, row.self_ns, row.total_ns)
        for row in function_totals(twice)
    ] == [
        (row.function.key, row.class_name, 2 * row.self_ns, 2 * row.total_ns)
        for row in function_totals(session)
    ]
    assert twice.start_call_stack == session.start_call_stack
    assert set(twice.recording.strings) <= set(session.recording.strings)


@given(sessions(), sessions())
def test_combining_adds_up(first: Session, second: Session) -> None:
    both = Session.combine(first, second)
    assert both.call_tree([]).total_ns == sum(
        session.call_tree([]).total_ns for session in (first, second)
    )
    assert both.facts.duration_ns == first.facts.duration_ns + second.facts.duration_ns
    assert both.sample_count == first.sample_count + second.sample_count
    assert both.facts.process_cpu_ns == first.facts.process_cpu_ns + second.facts.process_cpu_ns
    assert Session.from_bytes(both.to_bytes()) == both
