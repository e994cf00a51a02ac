"""The pprof file, decoded by a reader of its own."""

from __future__ import annotations

import gzip
from typing import Callable

import pytest
from support.read_stacks import PprofSample, fields, pprof_samples
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers import protobuf
from pyinstrument_renderers.pprof import PprofRenderer

NewSession = Callable[..., Session]
MS = 1_000_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, b"\0"),
        (127, b"\x7f"),
        (128, b"\x80\1"),
        (300, b"\xac\2"),
        (2**63 - 1, b"\xff" * 8 + b"\x7f"),
    ],
)
def test_numbers_take_seven_bits_a_byte(value: int, expected: bytes) -> None:
    assert protobuf.varint(value) == expected


def test_samples_have_lines_threads_and_times(example: Session) -> None:
    module = ("<module>", "/app/app.py", 1, 30)
    main = ("main", "/app/app.py", 20, 21)
    work = ("Worker.work", "/app/app.py", 3)
    dumps = ("dumps", "/usr/lib/python3/json/__init__.py", 183, 200)
    encode = ("JSONEncoder.encode", "/usr/lib/python3/json/encoder.py", 183, 190)
    iterencode = ("JSONEncoder.iterencode", "/usr/lib/python3/json/encoder.py", 205, 210)

    assert pprof_samples(PprofRenderer().render(example)) == [
        PprofSample(
            stack,
            {"samples/count": 1, "wall/nanoseconds": spent * MS},
            {"thread": "MainThread"},
        )
        for stack, spent in (
            ((module, main, (*work, 5)), 300),
            ((module, main, (*work, 5), ("time.sleep", "", 0, 0)), 350),
            ((module, main, dumps, encode, iterencode), 150),
            ((module, main, dumps, encode), 30),
            ((module, main, (*work, 6)), 100),
            ((module, main), 67),
            ((module,), 3),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "kinds"),
    [("wall", ["samples/count", "cpu/nanoseconds", "wall/nanoseconds"]),
     ("cpu", ["samples/count", "wall/nanoseconds", "cpu/nanoseconds"])],
)  # fmt: skip
def test_the_wanted_clock_comes_last(clock: str, kinds: list[str]) -> None:
    first = pprof_samples(PprofRenderer(clock=clock).render(AT_WORK))[0]

    assert list(first.values) == kinds
    assert first.values == {
        "samples/count": 1,
        "cpu/nanoseconds": 495 * MS,
        "wall/nanoseconds": 500 * MS,
    }


def test_the_clock_changes_only_the_order_of_the_values() -> None:
    by_wall, by_cpu = (
        pprof_samples(PprofRenderer(clock=clock).render(AT_WORK)) for clock in ("wall", "cpu")
    )

    assert by_cpu == by_wall
    assert sum(sample.values["wall/nanoseconds"] for sample in by_cpu) == sum(
        AT_WORK.recording.samples.duration_ns
    )


def test_the_profile_says_when_and_how(example: Session) -> None:
    profile = fields(gzip.decompress(PprofRenderer().render(example)))
    texts = [bytes(text).decode() for text in profile[6]]

    assert texts[0] == ""
    assert (profile[9], profile[10], profile[12]) == ([1_700_000_000_250 * MS], [1000 * MS], [MS])
    assert [texts[int(number)] for number in profile[13]] == [
        "Program: app.py",
        "reference is the best engine available here",
    ]


def test_the_bytes_are_the_same_each_time(example: Session) -> None:
    assert PprofRenderer().render(example) == PprofRenderer().render(example)


def test_a_name_with_angle_brackets_is_no_c_plus_plus(example: Session) -> None:
    profile = fields(gzip.decompress(PprofRenderer().render(example)))

    for message in profile[5]:
        function = fields(bytes(message))
        assert function[2] != function.get(3, [0])


def test_an_empty_session_has_no_samples(new_session: NewSession) -> None:
    assert pprof_samples(PprofRenderer().render(new_session([]))) == []
