"""speedscope's own page reads four of the formats, and finds in them what was recorded."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.made_up_sessions import MS, make_facts
from support.outside_programs import FRONTEND
from support.read_stacks import Stacks, add, expected_stacks
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.registry import create_renderer, renderer_class
from pyinstrument_sampler.recording_builder import RecordingBuilder

SCRIPT = Path(__file__).with_name("open_in_speedscope.mjs")
MODULES = FRONTEND / "node_modules"
UNITS = {"nanoseconds": 1, "none": 1, "microseconds": 1000, "seconds": 10**9}
LONG_S = 120
"""What the page may take on a busy machine."""
THREADS = (
    "MainThread",
    "ThreadPoolExecutor-0_0",
    "worker (thread 102)",
    "worker (thread 103)",
    "Thread 104",
)


pytestmark = pytest.mark.usefixtures("npm")


def opened(chromium: str, folder: Path, contents: dict[str, str | bytes]) -> list[Any]:
    """What speedscope makes of files, each by its name."""
    for name, content in contents.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    arguments = ["node", str(SCRIPT), str(MODULES), chromium]
    done = subprocess.run(
        [*arguments, *(os.fspath(folder / name) for name in contents)],
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=True,
    )
    assert done.stderr == ""
    found: list[Any] = json.loads(done.stdout)
    return found


def stacks_of(profile: dict[str, Any], frames: list[dict[str, Any]]) -> Stacks:
    """Self time by stack of an evented profile, which is what speedscope exports."""
    found: Stacks = {}
    path: list[str] = []
    before = 0
    for event in profile["events"]:
        spent = round((event["at"] - before) * UNITS[profile["unit"]])
        add(found, tuple(path), spent)
        before = event["at"]
        if event["type"] == "O":
            path.append(frames[event["frame"]]["name"])
        else:
            assert path.pop() == frames[event["frame"]]["name"]
    assert path == []
    return found


def written(session: Session, name: str) -> tuple[str, str | bytes]:
    extension = renderer_class(name).output_file_extension
    return f"run.{extension}", create_renderer(name).render(session)


def by_thread(*, labels: bool) -> list[Stacks]:
    expected = expected_stacks(AT_WORK, labels=labels)
    return [
        {stack[1:]: spent for stack, spent in expected.items() if stack[0] == thread}
        for thread in THREADS
    ]


def merged(parts: list[Stacks]) -> Stacks:
    found: Stacks = {}
    for part in parts:
        for stack, spent in part.items():
            add(found, stack, spent)
    return found


def test_it_finds_every_stack_with_its_time(chromium: str, tmp_path: Path) -> None:
    names = ("speedscope", "chrome-trace", "collapsed", "pprof")
    read = opened(chromium, tmp_path, dict(written(AT_WORK, name) for name in names))

    found = {
        name: [stacks_of(profile, content["shared"]["frames"]) for profile in content["profiles"]]
        for name, content in zip(names, read)
    }

    assert found == {
        "speedscope": by_thread(labels=False),
        "chrome-trace": by_thread(labels=True),
        # One profile of all threads, which are the outermost calls …
        "collapsed": [expected_stacks(AT_WORK, labels=True)],
        # … or labels, which speedscope does not look at.
        "pprof": [merged(by_thread(labels=False))],
    }


def test_hostile_names_come_through(chromium: str, tmp_path: Path) -> None:
    name = "</script><img src=x onerror=alert(1)>\n\"'\\\u2028 é"
    builder = RecordingBuilder()
    builder.thread(1, name)
    frame = builder.frame(name, f"/app/{name}.py", 1)
    builder.add_sample(builder.stack(0, builder.location(frame)), MS)
    session = Session(builder.build(make_facts()), name)

    (content,) = opened(chromium, tmp_path, dict([written(session, "speedscope")]))

    assert content["profiles"][0]["name"] == name
    assert content["shared"]["frames"] == [{"name": name, "file": f"/app/{name}.py", "line": 1}]


def test_an_empty_session_opens(chromium: str, tmp_path: Path) -> None:
    session = Session(RecordingBuilder().build(make_facts()), "nothing")

    (content,) = opened(chromium, tmp_path, dict([written(session, "speedscope")]))

    assert [profile["events"] for profile in content["profiles"]] == [[]]
