"""Making a recording: equal rows get one id, and ids stay valid."""

from __future__ import annotations

from typing import Any

from support.facts import some_facts

from pyinstrument_sampler.recording import FrameKind, SampleState
from pyinstrument_sampler.recording_builder import RecordingBuilder, empty_sample_table


def sample_rows(builder: RecordingBuilder) -> list[tuple[Any, ...]]:
    return list(zip(*builder.build(some_facts()).samples))


def test_equal_rows_get_one_id() -> None:
    builder = RecordingBuilder()
    frames = [builder.frame("f", "a.py", 1) for _ in range(2)]
    frames.append(builder.frame("f", "a.py", 2))
    frames.append(builder.frame("f", "a.py", 1, class_name="A"))
    frames.append(builder.frame("f", "a.py", 1, hidden=True))
    locations = [builder.location(0, line) for line in (5, 6, 5)]
    stacks = [builder.stack(0, 0), builder.stack(0, 1), builder.stack(1, 0), builder.stack(0, 0)]

    assert frames == [0, 0, 1, 2, 3]
    assert locations == [0, 1, 0]
    assert stacks == [1, 2, 3, 1]


def test_the_empty_string_is_string_zero() -> None:
    builder = RecordingBuilder()
    ids = [builder.string(text) for text in ("", "a", "b", "a")]

    assert ids == [0, 1, 2, 1]
    assert builder.build(some_facts()).strings == ("", "a", "b")
    assert [builder.text(string) for string in range(3)] == ["", "a", "b"]


def test_native_and_synthetic_frames_are_of_their_kind() -> None:
    builder = RecordingBuilder()
    frames = [
        builder.native_frame("sleep", "time"),
        builder.native_frame("sorted", None),
        builder.synthetic_frame("[await]"),
    ]
    recording = builder.build(some_facts())

    found = [recording.frame(frame) for frame in frames]
    assert [(frame.function, frame.qualname, frame.file, frame.kind) for frame in found] == [
        ("sleep", "time.sleep", "<built-in>", FrameKind.NATIVE),
        ("sorted", "sorted", "<built-in>", FrameKind.NATIVE),
        ("[await]", "", "", FrameKind.SYNTHETIC),
    ]


def test_samples_follow_each_other() -> None:
    builder = RecordingBuilder()
    builder.add_sample(1, 10)
    builder.add_sample(2, 20)
    builder.add_sample(1, 5)

    assert sample_rows(builder) == [
        (1, 0, 10, 1, 0, 0, 0),
        (2, 10, 20, 1, 0, 0, 0),
        (1, 30, 5, 1, 0, 0, 0),
    ]


def test_equal_neighbours_are_one_row() -> None:
    builder = RecordingBuilder()
    builder.add_sample(1, 10, cpu_ns=3)
    builder.add_sample(1, 20, cpu_ns=4, ticks=2)

    assert sample_rows(builder) == [(1, 0, 30, 3, 0, 7, 0)]


def test_another_state_or_a_gap_begins_a_row() -> None:
    builder = RecordingBuilder()
    builder.add_sample(1, 10)
    builder.add_sample(1, 10, state=SampleState.AWAITED)
    builder.add_sample(1, 10, state=SampleState.AWAITED, start_ns=25)

    assert sample_rows(builder) == [
        (1, 0, 10, 1, 0, 0, 0),
        (1, 10, 10, 1, 0, 0, 2),
        (1, 25, 10, 1, 0, 0, 2),
    ]


def test_each_thread_has_its_own_time() -> None:
    builder = RecordingBuilder()
    builder.add_sample(1, 10, thread=0)
    builder.add_sample(1, 7, thread=1)
    builder.add_sample(1, 10, thread=0)

    assert sample_rows(builder) == [(1, 0, 20, 2, 0, 0, 0), (1, 0, 7, 1, 1, 0, 0)]


def test_built_recording_does_not_change_with_the_builder() -> None:
    builder = RecordingBuilder()
    builder.thread(1, "one")
    builder.add_sample(builder.stack(0, builder.location(builder.frame("f", "a.py", 1))), 10)
    recording = builder.build(some_facts())
    before = repr(recording)
    builder.thread(2, "two")
    builder.add_sample(builder.stack(0, builder.location(builder.frame("g", "a.py", 1))), 10)
    builder.add_sample(1, 10)

    assert repr(recording) == before


def test_samples_and_stacks_kept_elsewhere_replace_its_own() -> None:
    builder = RecordingBuilder()
    builder.add_sample(builder.stack(0, 0), 10)
    samples = empty_sample_table()
    stacks = RecordingBuilder().build(some_facts()).stacks
    recording = builder.build(some_facts(), stacks=stacks, samples=samples)

    assert recording.samples is samples
    assert recording.stacks is stacks


def test_recording_of_nothing_has_the_empty_stack() -> None:
    recording = RecordingBuilder().build(some_facts())

    assert [list(column) for column in recording.stacks] == [[0], [0]]
    assert recording.strings == ("",)
    assert recording.samples == empty_sample_table()
