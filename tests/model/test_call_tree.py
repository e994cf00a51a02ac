"""The shape of built trees: stems, threads, order of time, lines, and names that users know."""

from __future__ import annotations

import json

import pytest
from support.made_up_sessions import MS, make_facts, small_session

from pyinstrument_model import BrokenTreeError, CallNode, CallTree, LineTime, Session
from pyinstrument_model.processors import aggregate_repeated_calls
from pyinstrument_sampler.recording import FrameKind
from pyinstrument_sampler.recording_builder import RecordingBuilder


def session_of(*samples: tuple[str, int], stem: str = "", threads: str = "") -> Session:
    """Stacks written like ``"main:4 walk:7"`` (function and line) with milliseconds; *threads*
    gives the thread of each sample as a digit."""
    builder = RecordingBuilder()
    for thread in sorted(set(threads or "0")):
        builder.thread(100 + int(thread), f"Thread-{thread}")

    def stack_of(path: str) -> int:
        stack = 0
        for entry in path.split():
            name, _, line = entry.partition(":")
            frame = builder.frame(name, f"/app/{name}.py", 1)
            stack = builder.stack(stack, builder.location(frame, int(line or 0)))
        return stack

    stem_stack = stack_of(stem)
    for place, (path, milliseconds) in enumerate(samples):
        builder.add_sample(
            stack_of(path), milliseconds * MS, thread=int(threads[place]) if threads else 0
        )
    return Session(builder.build(make_facts(stem=stem_stack)), sys_path=["/app"])


def drawn(tree: CallTree) -> list[str]:
    """One line a node: indentation, function, milliseconds."""
    found: list[str] = []
    waiting: list[tuple[int, CallNode]] = [] if tree.root is None else [(0, tree.root)]
    while waiting:
        depth, node = waiting.pop()
        found.append(f"{'. ' * depth}{node.function} {node.total_ns / MS:g}")
        waiting.extend((depth + 1, child) for child in reversed(node.children))
    return found


def test_the_full_tree_keeps_the_order_of_time() -> None:
    session = session_of(("main a", 1), ("main", 2), ("main b", 3), ("main a", 4))
    assert drawn(session.call_tree([])) == [
        "main 10",
        ". a 1",
        ". . [self] 1",
        ". [self] 2",
        ". b 3",
        ". . [self] 3",
        ". a 4",
        ". . [self] 4",
    ]


def test_the_aggregated_tree_sums_calls_and_puts_the_longest_first() -> None:
    session = session_of(("main a", 1), ("main", 2), ("main b", 3), ("main a", 4))
    assert drawn(session.call_tree([aggregate_repeated_calls])) == [
        "main 10",
        ". a 5",
        ". . [self] 5",
        ". b 3",
        ". . [self] 3",
        ". [self] 2",
    ]


def test_the_same_function_at_other_lines_is_one_call() -> None:
    session = session_of(("main:3 a:7", 1), ("main:4 a:8", 2))
    assert drawn(session.call_tree([])) == ["main 3", ". a 3", ". . [self] 3"]


def test_frames_below_the_start_are_left_out_but_not_the_one_that_started() -> None:
    session = session_of(("boot main a", 1), ("boot main", 2), stem="boot main")
    assert drawn(session.call_tree()) == ["main 3", ". [self] 2", ". a 1"]
    assert drawn(session.call_tree(trim_stem=False))[:2] == ["boot 3", ". main 3"]


def test_the_stem_stays_where_it_has_time_of_its_own() -> None:
    session = session_of(("boot main a", 1), ("boot", 2), stem="boot main")
    assert drawn(session.call_tree())[0] == "boot 3"


def test_several_first_frames_get_a_common_root() -> None:
    session = session_of(("main", 1), ("other", 2))
    assert drawn(session.call_tree()) == ["[root] 3", ". other 2", ". main 1"]
    root = session.root_frame()
    assert root is not None
    assert (root.is_synthetic, root.is_synthetic_leaf, root.identifier) == (True, False, "[root]")


def test_time_without_any_frame_is_shown() -> None:
    session = session_of(("main", 1), ("", 2))
    assert drawn(session.call_tree()) == ["[root] 3", ". [self] 2", ". main 1"]


def test_each_thread_has_a_root_of_its_own() -> None:
    session = session_of(("main", 1), ("main", 2), ("main", 4), threads="010")
    assert drawn(session.call_tree()) == [
        "[root] 7",
        ". Thread-0 5",
        ". . main 5",
        ". Thread-1 2",
        ". . main 2",
    ]
    assert drawn(session.call_tree([])) == [
        "[root] 7",
        ". Thread-0 5",
        ". . main 5",
        ". . . [self] 5",
        ". Thread-1 2",
        ". . main 2",
        ". . . [self] 2",
    ]
    root = session.root_frame()
    assert root is not None
    assert [child.identifier for child in root.children] == [
        "Thread-0\0<thread>\x00100",
        "Thread-1\0<thread>\x00101",
    ]
    assert all(child.children[0].is_application_code for child in root.children)


@pytest.mark.parametrize("session", [session_of(), session_of(("main", 0))])
def test_nothing_sampled_has_no_root(session: Session) -> None:
    assert session.root_frame() is None
    assert session.call_tree().root is None
    assert session.call_tree().total_ns == 0


def test_lines_say_where_in_a_function_the_time_went() -> None:
    session = session_of(("main:3", 1), ("main:4 a:9", 2), ("main:3", 4), ("main:4", 8))
    for root in (session.call_tree().root, session.call_tree([]).root):
        assert root is not None
        assert root.lines == {3: LineTime(5 * MS, 5 * MS), 4: LineTime(8 * MS, 10 * MS)}


def test_a_node_has_the_names_that_users_know() -> None:
    root = small_session().root_frame()
    assert root is not None
    main = root.children[0]
    assert {
        name: getattr(main, name)
        for name in (
            "identifier function file_path file_path_short line_no class_name time absorbed_time "
            "total_self_time proportion_of_parent is_synthetic is_synthetic_leaf "
            "has_tracebackhide is_application_code kind qualname attributes group"
        ).split()
    } == {
        "identifier": "Tea.main\0/home/me/app/main.py\x003",
        "function": "Tea.main",
        "file_path": "/home/me/app/main.py",
        "file_path_short": "main.py",
        "line_no": 3,
        "class_name": "Tea",
        "time": 0.01,
        "absorbed_time": 0.0,
        "total_self_time": 0.005,
        "proportion_of_parent": 1.0,
        "is_synthetic": False,
        "is_synthetic_leaf": False,
        "has_tracebackhide": False,
        "is_application_code": True,
        "kind": FrameKind.PYTHON,
        "qualname": "",
        "attributes": {"cTea": 0.01, "l4": 0.005, "l6": 0.005},
        "group": None,
    }
    assert main.code_position_short() == "main.py:3"
    assert main.await_time() == 0.002
    assert main.parent is root
    own, asleep, waiting = main.children
    assert (own.function, own.is_synthetic_leaf, own.file_path) == ("[self]", True, None)
    assert (asleep.kind, asleep.qualname) == (FrameKind.NATIVE, "time.sleep")
    assert (asleep.code_position_short(), asleep.is_application_code) == ("<built-in>", False)
    assert (waiting.is_synthetic_leaf, waiting.code_position_short()) == (True, None)


def test_a_subtree_is_json() -> None:
    root = small_session().root_frame()
    assert root is not None
    tree = json.loads(root.children[0].to_json_str())
    leaf = {"attributes": {}, "children": [{**own(0.003)}]}
    assert tree == {
        "identifier": "Tea.main\0/home/me/app/main.py\x003",
        "time": 0.01,
        "attributes": {"cTea": 0.01, "l4": 0.005, "l6": 0.005},
        "children": [
            own(0.005),
            {"identifier": "sleep\0<built-in>\x000", "time": 0.003, **leaf},
            {"identifier": "[await]", "time": 0.002, "attributes": {}, "children": []},
        ],
    }


def own(seconds: float) -> dict[str, object]:
    return {"identifier": "[self]", "time": seconds, "attributes": {}, "children": []}


def test_native_functions_of_one_name_are_told_apart_by_their_module() -> None:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    main = builder.stack(0, builder.location(builder.frame("main", "/app/main.py", 1)))
    for module, milliseconds in (("zlib", 1), ("bz2", 2), ("zlib", 4)):
        native = builder.location(builder.native_frame("compress", module))
        builder.add_sample(builder.stack(main, native), milliseconds * MS)
    root = Session(builder.build(make_facts())).call_tree().root
    assert root is not None
    assert [(child.qualname, child.total_ns // MS) for child in root.children] == [
        ("zlib.compress", 5),
        ("bz2.compress", 2),
    ]


def test_code_from_a_string_is_what_its_caller_is() -> None:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    stack = 0
    for name, file in (
        ("outer", "<string>"),
        ("tool", "/usr/lib/python3.12/tool.py"),
        ("inner", "<string>"),
    ):
        stack = builder.stack(stack, builder.location(builder.frame(name, file, 1)))
    builder.add_sample(stack, MS)
    session = Session(builder.build(make_facts()), sys_prefixes=["/usr"])
    root = session.root_frame()
    assert root is not None
    claims = [node.is_application_code for node in root.iter_nodes()]
    assert claims == [True, False, False, False]


def test_a_tree_that_does_not_add_up_is_found_out() -> None:
    tree = small_session().call_tree([])
    assert tree.root is not None
    tree.root.children[0].total_ns += 1
    with pytest.raises(BrokenTreeError, match="in children"):
        tree.self_check()
    tree = small_session().call_tree([])
    assert tree.root is not None
    tree.root.children[0].parent = None
    with pytest.raises(BrokenTreeError, match="is a child of"):
        tree.root.self_check()
