"""The speedscope file: all samples, a profile a thread."""

from __future__ import annotations

import json
import tracemalloc
from array import array
from typing import Any, Callable

import pytest
from support.made_up_sessions import MS, make_facts
from support.thread_sessions import AT_WORK, Spent, thread_session

from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import MisconfigurationError, RendererError
from pyinstrument_renderers.speedscope import SpeedscopeRenderer
from pyinstrument_sampler.recording_builder import RecordingBuilder

NewSession = Callable[..., Session]
SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def written(session: Session, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SpeedscopeRenderer(**options).render(session))
    return found


def test_the_whole_file(example: Session) -> None:
    encoder = "/usr/lib/python3/json/encoder.py"

    assert written(example) == {
        "$schema": SCHEMA,
        "exporter": "pyinstrument",
        "name": "Program: app.py",
        "activeProfileIndex": 0,
        "shared": {
            "frames": [
                {"name": "<module>", "file": "/app/app.py", "line": 1},
                {"name": "main", "file": "/app/app.py", "line": 20},
                {"name": "Worker.work", "file": "/app/app.py", "line": 3},
                {"name": "time.sleep"},
                {"name": "dumps", "file": "/usr/lib/python3/json/__init__.py", "line": 183},
                {"name": "JSONEncoder.encode", "file": encoder, "line": 183},
                {"name": "JSONEncoder.iterencode", "file": encoder, "line": 205},
            ]
        },
        "profiles": [
            {
                "type": "sampled",
                "name": "MainThread",
                "unit": "nanoseconds",
                "startValue": 0,
                "endValue": 1000 * MS,
                "samples": [[0, 1, 2], [0, 1, 2, 3], [0, 1, 4, 5, 6], [0, 1, 4, 5], [0, 1, 2],
                            [0, 1], [0]],
                "weights": [n * MS for n in (300, 350, 150, 30, 100, 67, 3)],
            }
        ],
    }  # fmt: skip


def test_a_profile_a_thread_and_namesakes_by_ident() -> None:
    profiles = written(AT_WORK)["profiles"]

    assert [(profile["name"], profile["endValue"] // MS) for profile in profiles] == [
        ("MainThread", 2012),
        ("ThreadPoolExecutor-0_0", 2012),
        ("worker (thread 102)", 990),
        ("worker (thread 103)", 490),
        ("Thread 104", 10),
    ]


def test_without_timeline_a_stack_is_there_once(example: Session) -> None:
    (profile,) = written(example, timeline=False)["profiles"]

    assert [0, 1, 2] in profile["samples"]
    assert len({tuple(stack) for stack in profile["samples"]}) == len(profile["samples"]) == 6
    assert sum(profile["weights"]) == 1000 * MS


def test_cpu_time_is_weighed_when_asked_for() -> None:
    session = thread_session(["Main"], [Spent(0, "main work", 10, cpu=7), Spent(0, "main", 5)])

    (profile,) = written(session, clock="cpu")["profiles"]

    assert (profile["samples"], profile["weights"]) == ([[0, 1]], [7 * MS])


def test_samples_of_one_stack_that_follow_each_other_are_one(new_session: NewSession) -> None:
    lines = [("a", 2), ("a", 3), ("b", 5), ("a", 3), ("a", 2)]
    session = new_session(
        [([(name, "/app/app.py", 1, "", line)], 10 + line) for name, line in lines]
    )

    (profile,) = written(session)["profiles"]

    assert profile["samples"] == [[0], [1], [0]]
    assert profile["weights"] == [25 * MS, 15 * MS, 25 * MS]


def test_by_cpu_time_too() -> None:
    session = thread_session(
        ["Main"],
        [Spent(0, "main", 1, cpu=1), Spent(0, "main wait", 2), Spent(0, "main", 4, cpu=4)],
    )

    (profile,) = written(session, clock="cpu")["profiles"]

    assert (profile["samples"], profile["weights"]) == ([[0]], [5 * MS])


def test_what_was_written_is_not_kept_in_memory() -> None:
    depth = 2500
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    stack = 0
    for number in range(depth):
        frame = builder.frame(f"f{number}", "/app/app.py", number + 1)
        stack = builder.stack(stack, builder.location(frame, number + 1))
        builder.add_sample(stack, MS)
    session = Session(builder.build(make_facts()))
    assert session.stack_index.total_ns[0] == depth * MS  # made before memory is measured
    tracemalloc.start()
    try:
        size = sum(map(len, SpeedscopeRenderer().parts(session)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 13_000_000
    assert peak < 10_000_000


def test_a_pause_of_a_thread_is_an_empty_stack() -> None:
    session = thread_session(["Main"], [Spent(0, "main", 10), Spent(0, "main work", 5)])
    samples = session.recording.samples._replace(start_ns=array("q", [3 * MS, 20 * MS]))
    paused = Session(session.recording._replace(samples=samples))

    (profile,) = written(paused)["profiles"]

    assert profile["samples"] == [[], [0], [], [0, 1]]
    assert profile["weights"] == [3 * MS, 10 * MS, 7 * MS, 5 * MS]


def test_an_empty_session_has_an_empty_profile(new_session: NewSession) -> None:
    profiles = written(new_session([]))["profiles"]

    assert [(p["samples"], p["weights"]) for p in profiles] == [([], [])]


def test_what_asks_to_be_hidden_is_left_out_when_asked_for(new_session: NewSession) -> None:
    load = ("_find_and_load", "<frozen importlib._bootstrap>", 1100)
    session = new_session([([("main", "/app/app.py", 1), load, ("f", "/app/f.py", 1)], 10)])

    shown, hidden = written(session), written(session, show_all=False)

    assert shown["profiles"][0]["samples"] == [[0, 1, 2]]
    assert hidden["profiles"][0]["samples"] == [[0, 2]]


@pytest.mark.parametrize("options", [{"timeline": 1}, {"show_all": "yes"}, {"clock": "sun"}])
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(MisconfigurationError, match="SpeedscopeRenderer: option"):
        SpeedscopeRenderer(**options)


def test_cpu_time_that_was_not_recorded_is_an_error(example: Session) -> None:
    with pytest.raises(RendererError, match="this session has no CPU times: use 'wall'"):
        SpeedscopeRenderer(clock="cpu").render(example)
