"""The JSON report, byte by byte."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest

from pyinstrument_model.session import Session
from pyinstrument_renderers.json import JSONRenderer

NewSession = Callable[..., Session]


def frame(function: str, path: str, line: int, time: float, **more: Any) -> dict[str, Any]:
    short = path.replace("/app/", "").replace("/usr/lib/python3/", "")
    found = {
        "function": function,
        "file_path_short": short,
        "file_path": path,
        "line_no": line,
        "time": time,
        "await_time": 0.0,
        "is_application_code": path.startswith("/app/"),
        "children": [],
    }
    found.update(more)
    return found


def self_time(short: str, time: float) -> dict[str, Any]:
    return frame("[self]", "", 0, time, file_path_short=short)


def test_the_whole_report(example: Session) -> None:
    encoder = "/usr/lib/python3/json/encoder.py"

    text = JSONRenderer().render(example)

    assert json.loads(text) == {
        "start_time": 1700000000.25,
        "duration": 1.0,
        "sample_count": 1000,
        "target_description": "Program: app.py",
        "cpu_time": 0.25,
        "root_frame": frame(
            "<module>",
            "/app/app.py",
            1,
            1.0,
            children=[
                frame(
                    "main",
                    "/app/app.py",
                    20,
                    0.997,
                    children=[
                        frame(
                            "work",
                            "/app/app.py",
                            3,
                            0.75,
                            class_name="Worker",
                            children=[
                                self_time("app.py", 0.4),
                                frame("sleep", "<built-in>", 0, 0.35),
                            ],
                        ),
                        frame(
                            "dumps",
                            "/usr/lib/python3/json/__init__.py",
                            183,
                            0.18,
                            group_id="1",
                            children=[
                                frame(
                                    "encode",
                                    encoder,
                                    183,
                                    0.18,
                                    group_id="1",
                                    class_name="JSONEncoder",
                                    children=[
                                        frame(
                                            "iterencode",
                                            encoder,
                                            205,
                                            0.15,
                                            group_id="1",
                                            class_name="JSONEncoder",
                                        ),
                                        self_time("json/encoder.py", 0.03),
                                    ],
                                )
                            ],
                        ),
                        self_time("app.py", 0.067),
                    ],
                )
            ],
        ),
    }


def test_one_line_with_times_of_six_decimals_and_keys_in_order(new_session: NewSession) -> None:
    session = new_session([([("f", "/app/ä.py", 3)], 1)], title='say "hi"')

    assert JSONRenderer().render(session) == (
        '{"start_time": 1700000000.250000,"duration": 1.000000,"sample_count": 1000,'
        '"target_description": "say \\"hi\\"","cpu_time": 0.250000,"root_frame": '
        '{"function": "f","file_path_short": "\\u00e4.py","file_path": "/app/\\u00e4.py",'
        '"line_no": 3,"time": 0.001000,"await_time": 0.000000,"is_application_code": true,'
        '"children": []}}'
    )


def test_an_empty_profile_has_no_root(new_session: NewSession) -> None:
    assert json.loads(JSONRenderer().render(new_session([])))["root_frame"] is None


def test_await_time_adds_up_over_the_subtree(new_session: NewSession) -> None:
    main, fetch = ("main", "/app/app.py", 1), ("fetch", "/app/app.py", 9)
    session = new_session(
        [([main, fetch, "[await]"], 300), ([main, "[await]"], 200), ([main], 500)]
    )

    root = json.loads(JSONRenderer().render(session))["root_frame"]

    awaited = {child["function"]: child["await_time"] for child in root["children"]}
    assert root["await_time"] == 0.5
    assert awaited == {"[self]": 0.0, "fetch": 0.3, "[await]": 0.2}


def test_timeline_keeps_calls_apart(new_session: NewSession) -> None:
    main, a, b = ("main", "/app/app.py", 1), ("a", "/app/app.py", 5), ("b", "/app/app.py", 9)
    session = new_session([([main, a], 100), ([main, b], 100), ([main, a], 100)])

    root = json.loads(JSONRenderer(timeline=True).render(session))["root_frame"]

    assert [child["function"] for child in root["children"]] == ["a", "b", "a"]


@pytest.mark.parametrize("show_all", [False, True])
def test_a_very_deep_stack_is_written(new_session: NewSession, show_all: bool) -> None:
    session = new_session([([("descend", "/app/app.py", 1)] * 100_000, 100)])

    text = JSONRenderer(show_all=show_all).render(session)

    assert text.count('"function": "descend"') == 100_000
