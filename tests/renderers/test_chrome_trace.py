"""Trace events: slices as Perfetto and chrome://tracing show them."""

from __future__ import annotations

import json
from array import array
from typing import Any, Callable

from support.thread_sessions import AT_WORK, Spent, thread_session

from pyinstrument_model.session import Session
from pyinstrument_renderers.chrome_trace import ChromeTraceRenderer

NewSession = Callable[..., Session]


def slices(session: Session) -> list[dict[str, Any]]:
    events = json.loads(ChromeTraceRenderer().render(session))["traceEvents"]
    return [event for event in events if event["ph"] == "X"]


def plain(session: Session) -> list[tuple[int, str, int, int]]:
    """Track, name, begin and duration in milliseconds."""
    return [(e["tid"], e["name"], e["ts"] // 1000, e["dur"] // 1000) for e in slices(session)]


def test_the_whole_file(new_session: NewSession) -> None:
    session = new_session([("main f", 2), ("main g", 3), ("main g h", 4)], title='say "hi"')

    assert ChromeTraceRenderer().render(session) == (
        '{"displayTimeUnit":"ms","traceEvents":[\n'
        '{"ph":"M","name":"process_name","pid":1,"tid":0,"ts":0,"args":{"name":"say \\"hi\\""}},\n'
        '{"ph":"M","name":"thread_name","pid":1,"tid":1,"ts":0,"args":{"name":"MainThread"}},\n'
        '{"ph":"X","pid":1,"tid":1,"name":"main (app.py:10)","ts":0,"dur":9000},\n'
        '{"ph":"X","pid":1,"tid":1,"name":"f (app.py:10)","ts":0,"dur":2000},\n'
        '{"ph":"X","pid":1,"tid":1,"name":"g (app.py:10)","ts":2000,"dur":7000},\n'
        '{"ph":"X","pid":1,"tid":1,"name":"h (app.py:10)","ts":5000,"dur":4000}\n'
        "]}\n"
    )


def test_samples_that_share_a_path_share_its_slices(example: Session) -> None:
    assert plain(example) == [
        (1, "<module> (app.py:1)", 0, 1000),
        (1, "main (app.py:20)", 0, 997),
        (1, "Worker.work (app.py:3)", 0, 650),
        (1, "time.sleep", 300, 350),
        (1, "dumps (json/__init__.py:183)", 650, 180),
        (1, "JSONEncoder.encode (json/encoder.py:183)", 650, 180),
        (1, "JSONEncoder.iterencode (json/encoder.py:205)", 650, 150),
        (1, "Worker.work (app.py:3)", 830, 100),
    ]


def test_a_pause_ends_all_slices() -> None:
    session = thread_session(["Main"], [Spent(0, "main f", 10), Spent(0, "main", 5)])
    samples = session.recording.samples._replace(start_ns=array("q", [0, 20_000_000]))

    assert plain(Session(session.recording._replace(samples=samples))) == [
        (1, "main (/app/app.py:1)", 0, 10),
        (1, "f (/app/app.py:1)", 0, 10),
        (1, "main (/app/app.py:1)", 20, 5),
    ]


def test_threads_are_tracks_and_slices_know_their_cpu_time() -> None:
    events = json.loads(ChromeTraceRenderer().render(AT_WORK))["traceEvents"]

    assert [e["args"]["name"] for e in events if e["name"] == "thread_name"] == [
        "MainThread",
        "ThreadPoolExecutor-0_0",
        "worker (thread 102)",
        "worker (thread 103)",
        "Thread 104",
    ]
    assert [(e["name"], e["tdur"]) for e in slices(AT_WORK) if e["tid"] == 2] == [
        ("worker (pool.py:1)", 300_000),
        ("run (pool.py:1)", 300_000),
        ("crunch (app.py:1)", 300_000),
        ("queue.get", 0),
    ]


def test_rounding_leaves_no_gap_and_no_overlap() -> None:
    session = thread_session(["Main"], [Spent(0, "a", 1), Spent(0, "b", 1), Spent(0, "a", 1)])
    samples = session.recording.samples._replace(
        start_ns=array("q", [0, 1400, 2900]), duration_ns=array("q", [1400, 1500, 1700])
    )

    found = slices(Session(session.recording._replace(samples=samples)))

    assert [(event["ts"], event["dur"]) for event in found] == [(0, 1), (1, 2), (3, 2)]


def test_an_empty_session_has_no_slices(new_session: NewSession) -> None:
    assert slices(new_session([])) == []
