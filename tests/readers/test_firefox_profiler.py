"""Firefox Profiler reads what the gecko renderer writes, and finds in it what was recorded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Callable, Iterator

import pytest
from support.firefox_profiler import FirefoxProfiler
from support.made_up_sessions import MS, make_facts
from support.read_stacks import expected_stacks
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.gecko import GeckoRenderer
from pyinstrument_sampler.recording_builder import RecordingBuilder

Open = Callable[[Session], FirefoxProfiler]
pytestmark = pytest.mark.usefixtures("npm")


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a session's profile; it is closed when the test ends."""
    with tempfile.TemporaryDirectory(prefix="fx-") as folder:
        file = Path(folder, "run.gecko.json")

        def open_session(session: Session) -> FirefoxProfiler:
            file.write_text(GeckoRenderer().render(session), encoding="utf-8")
            found = FirefoxProfiler(file, Path(folder))
            profiles.append(found)
            return found

        profiles: list[FirefoxProfiler] = []
        yield open_session
        for profile in profiles:
            profile.close()


def test_it_finds_every_stack_with_its_time(opened: Open) -> None:
    profile = opened(AT_WORK)

    threads = profile.ask("thread", "list")["threads"]
    found = {thread["name"]: profile.stacks(thread["threadHandle"]) for thread in threads}

    expected = expected_stacks(AT_WORK)
    assert found == {
        name: {stack: spent for stack, spent in expected.items() if stack[0] == name}
        for name in dict.fromkeys(stack[0] for stack in expected)
    }


def test_it_finds_the_cpu_time_of_threads(opened: Open) -> None:
    threads = opened(AT_WORK).ask("thread", "list")["threads"]

    cpu_ns = expected_stacks(AT_WORK, clock="cpu")
    assert {thread["name"]: round(thread["cpuMs"] * MS) for thread in threads} == {
        thread["name"]: sum(spent for stack, spent in cpu_ns.items() if stack[0] == thread["name"])
        for thread in threads
    }


def test_hostile_names_come_through(opened: Open) -> None:
    name = "</script><img src=x onerror=alert(1)>\n\"'\\\u2028 é"
    builder = RecordingBuilder()
    builder.thread(1, name)
    frame = builder.frame(name, f"/app/{name}.py", 1)
    builder.add_sample(builder.stack(0, builder.location(frame)), MS)

    profile = opened(Session(builder.build(make_facts()), name))

    assert profile.stacks("t-0") == {(name, name): MS}


def test_an_empty_session_opens(opened: Open) -> None:
    profile = opened(Session(RecordingBuilder().build(make_facts()), "nothing"))

    assert profile.ask("profile", "info")["threadCount"] == 1
