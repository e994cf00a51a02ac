"""Flat profiles: what each function took, with recursion counted once."""

from __future__ import annotations

from typing import Any, Callable, Tuple

import pytest
from support.made_up_sessions import make_facts, small_session

from pyinstrument_model import CallTree, ProcessorOptions, Session, function_totals
from pyinstrument_model.processors import default_processors, remove_tracebackhide
from pyinstrument_model.tree_edits import absorb_children
from pyinstrument_sampler.recording_builder import RecordingBuilder

MS = 1_000_000
Row = Tuple[str, "str | None", int, int]


def rows(source: Session) -> list[Row]:
    return [
        (row.function.name, row.class_name, row.self_ns // MS, row.total_ns // MS)
        for row in function_totals(source)
    ]


def session_of(*samples: tuple[str, int]) -> Session:
    """A session of stacks written like ``"main walk walk"``, in milliseconds."""
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    for path, milliseconds in samples:
        stack = 0
        for name in path.split():
            function, _, class_name = name.partition(".")
            frame = builder.frame(function, "/app/main.py", 1, class_name=class_name)
            stack = builder.stack(stack, builder.location(frame, 2))
        builder.add_sample(stack, milliseconds * MS)
    return Session(builder.build(make_facts()))


def test_total_time_counts_recursion_once() -> None:
    session = session_of(("main walk walk walk", 3), ("main walk", 2), ("main", 1))
    assert rows(session) == [("walk", None, 5, 5), ("main", None, 1, 6)]


def test_recursion_by_way_of_another_function_counts_once_too() -> None:
    session = session_of(("main even odd even odd", 4), ("main even", 1))
    assert rows(session) == [
        ("odd", None, 4, 4),
        ("even", None, 1, 5),
        ("main", None, 0, 5),
    ]


def test_calls_from_several_places_add_up() -> None:
    session = session_of(("main a leaf", 1), ("main b leaf", 2), ("main leaf", 4))
    assert rows(session)[0] == ("leaf", None, 7, 7)


def test_the_class_that_took_most_is_shown() -> None:
    session = session_of(("walk.Dog", 2), ("walk.Cat", 3), ("main walk.Dog", 2))
    assert rows(session) == [("walk", "Dog", 7, 7), ("main", None, 0, 2)]


def test_awaiting_has_a_row_of_its_own_and_self_has_none() -> None:
    assert rows(small_session()) == [
        ("Tea.main", "Tea", 5, 10),
        ("sleep", None, 3, 3),
        ("[await]", None, 2, 2),
        ("<module>", None, 0, 10),
    ]


def test_a_tree_is_summed_as_it_is() -> None:
    tree = small_session().call_tree(default_processors(), {"filter_threshold": 0.4})
    seconds = [(row.function.name, row.self_time, row.total_time) for row in function_totals(tree)]
    assert seconds == [("Tea.main", 0.01, 0.01), ("<module>", 0.0, 0.01)]


def test_nothing_sampled_gives_no_rows() -> None:
    assert rows(session_of()) == []


def test_a_processor_of_somebody_elses_is_respected() -> None:
    def without_children(tree: CallTree, options: ProcessorOptions) -> CallTree:
        assert tree.root is not None
        absorb_children(tree.root, lambda node: True)
        return tree

    session = session_of(("main walk", 3), ("main", 2))
    totals = function_totals(session, [remove_tracebackhide, without_children])
    assert [(row.function.name, row.self_ns // MS) for row in totals] == [("main", 5)]


def test_the_command_itself_is_no_part_of_the_list() -> None:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    own = "/venv/lib/python3.12/site-packages/pyinstrument/profiled_run.py"
    program = 0
    for name, file in (("run", own), ("run_path", "<frozen runpy>"), ("<module>", "/app/main.py")):
        stack = program
        program = builder.stack(stack, builder.location(builder.frame(name, file, 1)))
    builder.add_sample(program, 9 * MS)
    builder.add_sample(stack, MS)
    session = Session(builder.build(make_facts()))
    totals = function_totals(session, default_processors())
    assert [(row.function.name, row.self_ns, row.total_ns) for row in totals] == [
        ("<module>", 10 * MS, 10 * MS)
    ]
    assert [row.is_application_code for row in totals] == [True]
    assert len(function_totals(session)) == 3


def test_generated_code_is_a_function_for_each_class_that_it_was_made_for() -> None:
    session = session_in("<string>", ("Order", 3), ("Item", 2), ("Order", 4), ("", 1))
    assert rows(session) == [
        ("__init__", "Order", 7, 7),
        ("__init__", "Item", 2, 2),
        ("__init__", None, 1, 1),
    ]
    keys = [row.function.key[0] for row in function_totals(session)]
    assert keys == ["Order.__init__", "Item.__init__", "__init__"]
    assert {row.function.identifier for row in function_totals(session)} == {
        "__init__\0<string>\x002"
    }


@pytest.mark.parametrize("file", ["/app/shop.py", "<frozen abc>", "<ipython-input-1-abc>"])
def test_a_method_that_classes_inherit_is_one_function(file: str) -> None:
    assert rows(session_in(file, ("Order", 3), ("Item", 2))) == [("__init__", "Order", 5, 5)]


@pytest.mark.parametrize("convert", [Session.to_json, Session.to_bytes])
def test_generated_code_keeps_its_classes_in_a_file_and_in_a_combined_session(
    convert: Callable[[Session], Any],
) -> None:
    first = session_in("<string>", ("Order", 3), ("Item", 2))
    second = session_in("<string>", ("Item", 4), ("Cart", 1))
    read = Session.from_json if convert is Session.to_json else Session.from_bytes
    both = Session.combine(read(convert(first)), read(convert(second)))
    expected = [("Item", 6), ("Order", 3), ("Cart", 1)]
    assert [(row.class_name, row.total_ns // MS) for row in function_totals(both)] == expected
    root = both.call_tree().root
    assert root is not None
    assert [(node.class_name, node.total_ns // MS) for node in root.children] == expected


def session_in(file: str, *samples: tuple[str, int]) -> Session:
    """A session of ``__init__`` in line 2 of a file, by class, in milliseconds."""
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    for class_name, milliseconds in samples:
        frame = builder.frame("__init__", file, 2, class_name=class_name)
        builder.add_sample(builder.stack(0, builder.location(frame, 3)), milliseconds * MS)
    return Session(builder.build(make_facts()))
