"""Sessions of pyinstrument 4 and 5 open, and ours can be given to tools that read theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_up_sessions import small_session

from pyinstrument_model import CallNode, Session, SessionFileError
from pyinstrument_sampler.recording import FrameKind, SampleState

CASES = sorted((Path(__file__).parents[1] / "cases" / "sessions").glob("*.pyisession"))
SYNC = ["pyinstrument-4.6.2-sync.pyisession", "pyinstrument-5.1.3-sync.pyisession"]

Outline = List[Tuple[int, str, "str | None"]]


def case(name: str) -> Path:
    return next(path for path in CASES if path.name == name)


def outline(root: CallNode | None) -> Outline:
    """(depth, function, class) of every node."""
    found: Outline = []
    waiting = [] if root is None else [(0, root)]
    while waiting:
        depth, node = waiting.pop()
        found.append((depth, node.function, node.class_name))
        waiting.extend((depth + 1, child) for child in reversed(node.children))
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_an_old_session_opens_with_all_its_time(path: Path) -> None:
    fields = json.loads(path.read_text())
    session = Session.load(path)
    seconds = sum(spent for _, spent in fields["frame_records"])
    assert session.call_tree([]).total_ns == pytest.approx(seconds * 1e9, abs=10)
    assert session.duration == pytest.approx(fields["duration"])
    assert session.cpu_time == pytest.approx(fields["cpu_time"])
    assert session.start_time == pytest.approx(fields["start_time"])
    assert session.sample_count == fields["sample_count"]
    assert session.min_interval == session.max_interval == fields.get("min_interval", 0.001)
    assert Session.from_bytes(session.to_bytes()) == session


@pytest.mark.parametrize("name", SYNC)
def test_an_old_session_reads_as_it_did(name: str) -> None:
    session = Session.load(case(name))
    assert session.target_description.startswith("Program: ")
    nodes = outline(session.call_tree().root)
    assert nodes[:2] == [(0, "<module>", None), (1, "main", None)]
    assert {
        (2, "boil", "Kettle"),
        (3, "wait", "Kettle"),
        (2, "burn", None),
        (3, "sum", None),
        (2, "make", "Pot"),
    } <= set(nodes)
    # Called with a Kettle and with a Pot: one function, and the heavier class shows.
    assert "hidden" not in {function for _, function, _ in nodes}


def test_awaiting_and_built_in_functions_keep_their_kind() -> None:
    session = Session.load(case("pyinstrument-5.1.3-async.pyisession"))
    assert outline(session.call_tree().root) == [
        (0, "work", None),
        (1, "fetch", None),
        (2, "sleep", None),
        (3, "[await]", None),
        (1, "sleep", None),
    ]
    kinds = [node.kind for node in session.call_tree().iter_nodes()]
    assert kinds[-2:] == [FrameKind.SYNTHETIC, FrameKind.NATIVE]
    states = {sample.state for sample in session.recording.iter_samples()}
    assert states == {SampleState.AWAITED, SampleState.RUNNING}


def test_a_session_without_prefixes_still_tells_the_standard_library() -> None:
    session = Session.load(case("pyinstrument-4.6.2-async.pyisession"))
    libraries = [n.function for n in session.call_tree().iter_nodes() if not n.is_application_code]
    assert libraries == ["sleep", "[await]", "sleep"]


def test_a_session_given_as_json_comes_back_with_the_same_tree() -> None:
    session = small_session()
    fields = json.loads(json.dumps(session.to_json()))
    again = Session.from_json(fields)
    assert again.call_tree([]).root is not None
    before, after = session.root_frame(), again.root_frame()
    assert before is not None and after is not None
    assert after.to_json_str() == before.to_json_str()
    assert again.start_call_stack == session.start_call_stack
    assert again.sys_path == session.sys_path


def test_the_json_is_spelt_as_pyinstrument_5_does() -> None:
    thread = "MainThread\0<thread>\x004711"
    module = "<module>\0/home/me/app/main.py\x001\x01l9"
    main = "Tea.main\0/home/me/app/main.py\x003\x01cTea\x01l"
    assert small_session().to_json() == {
        "frame_records": [
            [[thread, module, main + "4"], 0.005],
            [[thread, module, main + "6", "sleep\0<built-in>\x000"], 0.003],
            [[thread, module, main + "6", "[await]"], 0.002],
        ],
        "start_time": 1_700_000_000.0,
        "duration": 0.01,
        "min_interval": 0.001,
        "max_interval": 0.001,
        "sample_count": 3,
        "start_call_stack": [thread, "<module>\0/home/me/app/main.py\x001"],
        "target_description": "Program: main.py",
        "cpu_time": 0.004,
        "sys_path": ["/home/me/app", "/usr/lib/python3.12"],
        "sys_prefixes": ["/usr"],
    }
    assert "frame_records" not in small_session().to_json(include_frame_records=False)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"frame_records": 3}, "its frame_records are no list"),
        ({"frame_records": [[["f"], 1, 2]]}, "is no pair of stack and seconds"),
        ({"frame_records": [[["a\0b"], 1]]}, "is no frame"),
        ({"frame_records": [[["a\0b\0c"], 1]]}, "a line is 'c'"),
        ({"frame_records": [[["f"], -1]]}, "a sample's time is -1, no number of seconds"),
        ({"frame_records": [[["f"], 1e9]] * 20}, "its times add up to centuries"),
        ({"duration": None}, "duration is None, no number of seconds"),
        ({"sample_count": "3"}, "its sample_count is '3'"),
        ({"sys_path": [1]}, "sys_path is no list of texts"),
    ],
)
def test_a_damaged_old_session_says_what_is_wrong(changed: dict[str, Any], fault: str) -> None:
    fields = {**small_session().to_json(), **changed}
    with pytest.raises(SessionFileError, match="damaged session file of pyinstrument 4 or 5"):
        Session.from_json(fields)
    with pytest.raises(SessionFileError, match=fault):
        Session.from_bytes(json.dumps(fields).encode())


@given(st.data())
def test_no_flipped_byte_raises_anything_but_a_session_file_error(data: st.DataObject) -> None:
    content = bytearray(CASES[0].read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        session = Session.from_bytes(bytes(content))
    except SessionFileError:
        return
    session.call_tree().self_check()
