"""The Firefox Profiler's file, table by table."""

from __future__ import annotations

import json
from array import array
from typing import Any, Callable

from support.thread_sessions import AT_WORK, Spent, thread_session

from pyinstrument_model.session import Session
from pyinstrument_renderers.gecko import GeckoRenderer

NewSession = Callable[..., Session]


def written(session: Session) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GeckoRenderer().render(session))
    return found


def test_the_tables_of_a_thread(example: Session) -> None:
    content = written(example)
    (thread,) = content["threads"]

    assert content["shared"] == {
        "stringArray": [
            "<module>", "main", "Worker.work", "time.sleep", "dumps", "JSONEncoder.encode",
            "JSONEncoder.iterencode", "/app/app.py", "/usr/lib/python3/json/__init__.py",
            "/usr/lib/python3/json/encoder.py",
        ],
        "sources": {"length": 3, "uuid": [None] * 3, "filename": [7, 8, 9]},
    }  # fmt: skip
    assert thread["funcTable"] == {
        "length": 7,
        "name": [0, 1, 2, 3, 4, 5, 6],
        "source": [0, 0, 0, None, 1, 2, 2],
        "lineNumber": [1, 20, 3, None, 183, 183, 205],
        "columnNumber": [None] * 7,
        "isJS": [False] * 7,
        "relevantForJS": [False] * 7,
        "resource": [-1] * 7,
    }
    assert thread["frameTable"] == {
        "length": 8,
        "func": [0, 1, 2, 3, 4, 5, 6, 2],
        "line": [30, 21, 5, None, 200, 190, 210, 6],
        "column": [None] * 8,
        "category": [1, 1, 1, 3, 2, 2, 2, 1],
        "subcategory": [0] * 8,
        "address": [-1] * 8,
        "inlineDepth": [0] * 8,
        "nativeSymbol": [None] * 8,
        "innerWindowID": [0] * 8,
    }
    assert thread["stackTable"] == {
        "length": 8,
        "frame": [0, 1, 2, 3, 4, 5, 6, 7],
        "prefix": [None, 0, 1, 2, 1, 4, 5, 1],
    }
    assert thread["samples"] == {
        "length": 8,
        "stack": [2, 3, 6, 5, 7, 1, 0, None],
        "time": [0.0, 300.0, 650.0, 800.0, 830.0, 930.0, 997.0, 1000.0],
        "weight": [300.0, 350.0, 150.0, 30.0, 100.0, 67.0, 3.0, 0.0],
        "weightType": "tracing-ms",
    }


def test_the_facts_of_the_run(example: Session) -> None:
    meta = written(example)["meta"]

    told = ("product", "interval", "startTime", "profilingEndTime")
    assert {name: meta[name] for name in told} == {
        "product": "Program: app.py",
        "interval": 1.0,
        "startTime": 1_700_000_000_250,
        "profilingEndTime": 1000.0,
    }  # fmt: skip
    assert (meta["preprocessedProfileVersion"], meta["symbolicated"]) == (58, True)
    assert [category["name"] for category in meta["categories"]] == [
        "Other", "Application", "Library", "Built-in", "Waiting",
    ]  # fmt: skip


def test_cpu_time_stands_beside_the_sample_after_it_and_pauses_have_none() -> None:
    session = thread_session(
        ["Main"], [Spent(0, "main", 10, cpu=9), Spent(0, "main work [await]", 5, cpu=4)]
    )
    samples = session.recording.samples._replace(start_ns=array("q", [2_000_000, 20_000_000]))
    (thread,) = written(Session(session.recording._replace(samples=samples)))["threads"]

    assert thread["samples"] == {
        "length": 5,
        "stack": [None, 0, None, 2, None],
        "time": [0.0, 2.0, 12.0, 20.0, 25.0],
        "weight": [0.0, 10.0, 0.0, 5.0, 0.0],
        "threadCPUDelta": [0, 0, 9_000_000, 0, 0],
        "weightType": "tracing-ms",
    }


def test_threads_have_tables_of_their_own() -> None:
    threads = written(AT_WORK)["threads"]

    told = ("name", "tid", "isMainThread")
    assert [(*map(t.get, told), t["stackTable"]["length"]) for t in threads] == [
        ("MainThread", 100, True, 8),
        ("ThreadPoolExecutor-0_0", 101, False, 4),
        ("worker (thread 102)", 102, False, 1),
        ("worker (thread 103)", 103, False, 1),
        ("Thread 104", 104, False, 2),
    ]  # fmt: skip


def test_an_empty_session_has_an_empty_thread(new_session: NewSession) -> None:
    (thread,) = written(new_session([]))["threads"]

    assert (thread["name"], thread["stackTable"]) == (
        "MainThread",
        {"length": 0, "frame": [], "prefix": []},
    )
    assert thread["samples"] == {
        "length": 1,
        "stack": [None],
        "time": [0.0],
        "weight": [0.0],
        "weightType": "tracing-ms",
    }
