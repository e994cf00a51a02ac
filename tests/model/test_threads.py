"""Trees of several threads, CPU time, and links between a call and the work it waited for."""

from __future__ import annotations

from typing import Any

import pytest
from support.made_up_sessions import MS
from support.thread_sessions import AT_WORK, START, WORKER, Link, Spent, thread_session

from pyinstrument_model import CallNode, CallTree, OptionError, Session, function_totals
from pyinstrument_model.processors import aggregate_repeated_calls


def drawn(tree: CallTree) -> list[str]:
    """One line a node: indentation, function, milliseconds, CPU milliseconds."""
    found: list[str] = []
    waiting: list[tuple[int, CallNode]] = [] if tree.root is None else [(0, tree.root)]
    while waiting:
        depth, node = waiting.pop()
        name, cpu_ns = node.function, node.cpu_ns
        found.append(f"{'. ' * depth}{name} {node.total_ns // MS} {cpu_ns // MS}")
        waiting.extend((depth + 1, child) for child in reversed(node.children))
    return found


def test_each_thread_is_a_tree_below_a_common_root() -> None:
    assert drawn(AT_WORK.call_tree()) == [
        "[root] 5514 1865",
        ". MainThread 2012 515",
        ". . <module> 2012 515",
        ". . . main 2012 515",
        ". . . . sleep_a_bit 1000 20",
        ". . . . . sleep 1000 20",
        ". . . . handler 512 0",
        ". . . . . to_thread 512 0",
        ". . . . . . [await] 512 0",
        ". . . . work 500 495",
        ". ThreadPoolExecutor-0_0 2012 300",
        ". . worker 2012 300",
        ". . . get 1500 0",
        ". . . run 512 300",
        ". . . . crunch 512 300",
        ". worker 990 950",
        ". . busy 990 950",
        ". worker 490 100",
        ". . busy 490 100",
    ]


def test_a_thread_that_is_short_beside_the_longest_is_absorbed() -> None:
    pruned, whole = AT_WORK.call_tree(), AT_WORK.call_tree([aggregate_repeated_calls])
    assert pruned.root is not None and whole.root is not None
    assert pruned.root.absorbed_ns == 10 * MS
    assert [(root.function, root.line_no) for root in whole.roots] == [
        ("MainThread", 100),
        ("ThreadPoolExecutor-0_0", 101),
        ("worker", 102),
        ("worker", 103),
        ("Thread 104", 104),
    ]
    assert all(root.is_thread for root in whole.roots)


def test_one_thread_has_the_tree_that_it_always_had() -> None:
    session = thread_session(
        ["MainThread", "other"],
        [Spent(0, "main work", 2, cpu=1), Spent(1, f"{START} idle", 0)],
    )
    tree = session.call_tree()
    assert drawn(tree) == ["main 2 1", ". work 2 1"]
    assert tree.roots == [tree.root]
    assert CallTree(None).roots == []


def test_a_thread_with_several_first_functions_stands_for_their_root() -> None:
    session = thread_session(
        ["MainThread", "other"],
        [Spent(0, "one", 2), Spent(0, "two", 1), Spent(0, "", 3), Spent(1, "main", 4)],
    )
    assert drawn(session.call_tree()) == [
        "[root] 10 0",
        ". MainThread 6 0",
        ". . [self] 3 0",
        ". . one 2 0",
        ". . two 1 0",
        ". other 4 0",
        ". . main 4 0",
    ]


def test_the_command_and_what_starts_a_thread_are_stripped_below_each_thread() -> None:
    run = "site-packages/pyinstrument/run_target/run builtins:exec"
    session = thread_session(
        ["MainThread", "Thread-1", "Thread-2"],
        [
            Spent(0, f"{run} <module>", 97, cpu=90),
            Spent(0, "site-packages/pyinstrument/run_target/run", 3, cpu=3),
            Spent(1, f"{START} work", 99, cpu=50),
            Spent(1, "threading/_bootstrap threading/_bootstrap_inner lock:acquire", 1),
            Spent(2, "site-packages/pyinstrument/run_target/run", 50),
        ],
        stem="site-packages/pyinstrument/run_target/run",
    )
    assert drawn(session.call_tree()) == [
        "[root] 250 143",
        ". MainThread 100 93",
        ". . <module> 100 93",
        ". Thread-1 100 50",
        ". . work 100 50",
        ". Thread-2 50 0",
    ]
    assert [
        (row.function.name, row.self_ns // MS)
        for row in function_totals(session, session_chain())
        if row.self_ns
    ] == [("<module>", 100), ("work", 100)]


def session_chain() -> Any:
    from pyinstrument_model.processors import default_processors

    return default_processors()


def test_a_function_adds_up_over_threads() -> None:
    rows = {row.function.name: row.total_ns // MS for row in function_totals(AT_WORK)}
    assert (rows["busy"], rows["get"]) == (1480, 1510)
    assert "MainThread" not in rows and "[root]" not in rows


def test_by_cpu_time_a_tree_holds_and_orders_what_ran() -> None:
    assert drawn(AT_WORK.call_tree(clock="cpu")) == [
        "[root] 1865 1865",
        ". MainThread 515 515",
        ". . <module> 515 515",
        ". . . main 515 515",
        ". . . . work 495 495",
        ". . . . sleep_a_bit 20 20",
        ". . . . . sleep 20 20",
        ". ThreadPoolExecutor-0_0 300 300",
        ". . worker 300 300",
        ". . . run 300 300",
        ". . . . crunch 300 300",
        ". worker 950 950",
        ". . busy 950 950",
        ". worker 100 100",
        ". . busy 100 100",
    ]
    totals = function_totals(AT_WORK, clock="cpu")
    assert [(row.function.name, row.self_ns // MS) for row in totals[:2]] == [
        ("busy", 1050),
        ("work", 495),
    ]


def test_another_clock_is_refused() -> None:
    with pytest.raises(OptionError, match="clock is 'sun'; it is one of wall, cpu"):
        AT_WORK.call_tree(clock="sun")


def test_waiting_is_what_is_left_of_the_time_and_never_negative() -> None:
    session = thread_session([""], [Spent(0, "main a", 5, cpu=2), Spent(0, "main b", 1, cpu=2)])
    root = session.call_tree().root
    assert root is not None
    a, b = root.children
    assert (a.cpu_time, a.waiting_time) == (0.002, 0.003)
    assert (b.cpu_time, b.waiting_time) == (0.002, 0.0)


def ends(session: Session, **options: Any) -> list[tuple[str | None, str | None, str, int]]:
    return [
        (
            None if link.origin is None else link.origin.function,
            None if link.work is None else link.work.function,
            link.thread,
            link.duration_ns // MS,
        )
        for link in session.call_tree(**options).links()
    ]


@pytest.mark.parametrize("options", [{}, {"processors": []}, {"trim_stem": False}])
def test_a_link_joins_the_call_that_waited_and_the_work(options: dict[str, Any]) -> None:
    assert ends(AT_WORK, **options) == [("to_thread", "crunch", "ThreadPoolExecutor-0_0", 512)]


def test_an_end_that_is_not_in_the_tree_is_missing() -> None:
    assert ends(AT_WORK, clock="cpu") == [(None, "crunch", "ThreadPoolExecutor-0_0", 512)]
    assert CallTree(None).links() == []


def test_links_of_the_same_nodes_are_one_and_the_longest_comes_first() -> None:
    session = thread_session(
        ["MainThread", "pool"],
        [Spent(0, "main one", 5), Spent(0, "main two", 9), Spent(1, f"{WORKER} work", 9)],
        [
            Link(1, f"{WORKER} work", "main one", 2),
            Link(1, f"{WORKER} work", "main two", 3),
            Link(1, f"{WORKER} work", "main one", 2),
            Link(1, f"{WORKER} gone", "main gone", 2),
        ],
    )
    expected = [("one", "work", "pool", 4), ("two", "work", "pool", 3)]
    assert ends(session) == expected
    twice = Session.combine(session, session)
    assert ends(twice) == [(*link[:3], 2 * link[3]) for link in expected]


def test_what_stands_below_the_start_of_a_profile_and_in_it_again_is_found_in_it() -> None:
    stem = "boot inner middle inner"
    session = thread_session(
        ["MainThread", "pool"],
        [
            Spent(0, f"{stem} view", 5),
            Spent(0, f"{stem} other", 1),
            Spent(1, f"{WORKER} work", 5),
        ],
        [Link(1, f"{WORKER} work", f"{stem} view", 5)],
        stem=stem,
    )
    assert ends(session) == [("view", "work", "pool", 5)]


def test_the_call_that_awaits_is_the_end_of_a_link_and_not_its_waiting() -> None:
    session = thread_session(
        ["MainThread", "pool"],
        [Spent(0, "main handler [await]", 5), Spent(1, f"{WORKER} work", 5)],
        [Link(1, f"{WORKER} work", "main handler [await]", 5)],
    )
    assert ends(session) == [("handler", "work", "pool", 5)]


def test_work_that_was_not_recorded_still_has_its_origin() -> None:
    session = thread_session(
        ["MainThread", "pool"], [Spent(0, "main await", 5)], [Link(1, "work", "main await", 2)]
    )
    assert ends(session) == [("await", None, "pool", 2)]


def test_sessions_that_differ_in_what_they_recorded_agree_in_less() -> None:
    one = thread_session(["MainThread"], [Spent(0, "main", 1)], threads="current")
    all_threads = thread_session(["MainThread"], [Spent(0, "main", 1)], cpu_clock="")
    both = Session.combine(one, all_threads).facts
    assert (both.threads, both.cpu_clock) == ("chosen", "")
    same = Session.combine(one, one).facts
    assert (same.threads, same.cpu_clock) == ("current", "thread")
