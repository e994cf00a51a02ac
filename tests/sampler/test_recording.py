"""Reading a recording: ids become frames, stacks and samples."""

from __future__ import annotations

import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from support.facts import some_facts

import pyinstrument_sampler.recording
from pyinstrument_sampler import facts
from pyinstrument_sampler.recording import (
    BUILT_IN_FILE,
    Frame,
    FrameKind,
    Location,
    Recording,
    Sample,
    SampleState,
)
from pyinstrument_sampler.recording_builder import RecordingBuilder


@pytest.fixture
def recording() -> Recording:
    builder = RecordingBuilder()
    builder.thread(11, "MainThread")
    builder.thread(12, "")
    main = builder.frame("main", "a.py", 3, qualname="m.main")
    method = builder.frame("run", "b.py", 7, class_name="Job", hidden=True)
    below = builder.stack(0, builder.location(main, 5))
    top = builder.stack(below, builder.location(method, 9, 2, 8))
    native = builder.stack(top, builder.location(builder.native_frame("list.sort", None)))
    builder.add_sample(top, 10, cpu_ns=4)
    builder.add_sample(native, 20, thread=1, state=SampleState.AWAITED, ticks=2)
    return builder.build(some_facts())


MAIN = Frame("main", "m.main", "a.py", 3, "", FrameKind.PYTHON, False)
RUN = Frame("run", "", "b.py", 7, "Job", FrameKind.PYTHON, True)
SORT = Frame("list.sort", "list.sort", BUILT_IN_FILE, 0, "", FrameKind.NATIVE, False)


def test_frames_have_their_strings(recording: Recording) -> None:
    assert [recording.frame(frame) for frame in range(3)] == [MAIN, RUN, SORT]


def test_stacks_are_read_root_first(recording: Recording) -> None:
    assert recording.stack(3) == (
        Location(MAIN, 5, 0, 0),
        Location(RUN, 9, 2, 8),
        Location(SORT, 0, 0, 0),
    )
    assert recording.stack(0) == ()


def test_samples_are_read_in_order(recording: Recording) -> None:
    assert list(recording.iter_samples()) == [
        Sample(2, 0, 10, 1, 0, 4, SampleState.RUNNING),
        Sample(3, 0, 20, 2, 1, 0, SampleState.AWAITED),
    ]


def test_threads_have_names_or_none(recording: Recording) -> None:
    assert [recording.thread_name(thread) for thread in range(2)] == ["MainThread", None]
    assert list(recording.threads.ident) == [11, 12]


def test_columns_have_the_documented_types(recording: Recording) -> None:
    tables = [recording.frames, recording.locations, recording.stacks, recording.samples]
    assert all(type(column) is array for table in tables for column in table)
    assert ["".join(column.typecode for column in table) for table in tables] == [
        "IIIIIBB",
        "IIII",
        "II",
        "IqqIIqB",
    ]
    assert "".join(column.typecode for column in recording.threads) == "QI"


def test_reading_a_recording_needs_no_compiled_code() -> None:
    program = (
        "import sys, pyinstrument_sampler.recording_builder\n"
        "print([name for name in sys.modules if name.startswith('pyinstrument_sampler.')\n"
        "       and getattr(sys.modules[name], '__file__', '').endswith(('.so', '.pyd'))])"
    )
    path = pyinstrument_sampler.recording.__file__.rsplit("pyinstrument_sampler", 1)[0]
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r})\n{program}"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_version_is_read_from_the_folder_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("", "-1.2.3.dist-info", "_2-3.dist-info"):
        (tmp_path / f"pyinstrument_sampler{name}").mkdir()
    monkeypatch.setattr(facts, "__file__", str(tmp_path / "pyinstrument_sampler" / "facts.py"))
    monkeypatch.setattr(facts, "_sampler_version", None)

    assert facts._version() == "1.2.3"
