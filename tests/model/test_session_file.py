"""Session files: compact, versioned, and whatever is wrong with one is said, not thrown about."""

from __future__ import annotations

import gzip
import json
import os
import random
import stat
import struct
import sys
from array import array
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_up_sessions import make_facts, small_session
from support.thread_sessions import AT_WORK

from pyinstrument_model import Session, SessionFileError, session_file
from pyinstrument_model.session_file import FORMAT_VERSION, MAGIC
from pyinstrument_sampler.recording_builder import RecordingBuilder

HEADER_START = 12


def unpacked(content: bytes) -> bytes:
    return gzip.decompress(content[HEADER_START:])


def packed(body: bytes, version: int = FORMAT_VERSION) -> bytes:
    return MAGIC + struct.pack("<I", version) + gzip.compress(body, 1)


def with_header(content: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    body = unpacked(content)
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + length].decode())
    edit(header)
    text = json.dumps(header).encode()
    return packed(struct.pack("<I", len(text)) + text + body[4 + length :])


def fault_of(content: bytes) -> str:
    with pytest.raises(SessionFileError) as caught:
        Session.from_bytes(content, "run.pyisession")
    message = str(caught.value)
    assert message.startswith("run.pyisession: ")
    return message


def test_a_session_file_begins_with_magic_and_version_and_goes_on_as_gzip() -> None:
    content = small_session().to_bytes()
    assert content[:12] == b"pyisess\n\x01\x00\x00\x00"
    assert content[12:14] == b"\x1f\x8b"


def test_equal_sessions_have_equal_files() -> None:
    assert small_session().to_bytes() == small_session().to_bytes()


def test_columns_are_little_endian_as_the_header_lists_them() -> None:
    body = unpacked(small_session().to_bytes())
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + length].decode())
    widths = {"u8": 1, "u32": 4, "u64": 8, "i64": 8}
    sizes = [entry["length"] * widths[entry["type"]] for entry in header["columns"]]
    assert sum(sizes) == len(body) - 4 - length
    names = [entry["name"] for entry in header["columns"]]
    at = 4 + length + sum(sizes[: names.index("samples.duration_ns")])
    assert struct.unpack_from("<3q", body, at) == (5_000_000, 3_000_000, 2_000_000)


def test_a_machine_of_the_other_byte_order_writes_and_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = {"little": "big", "big": "little"}[sys.byteorder]
    monkeypatch.setattr(sys, "byteorder", other)
    content = small_session().to_bytes()
    assert Session.from_bytes(content) == small_session()


def test_a_file_survives_saving_and_loading(tmp_path: Path) -> None:
    path = tmp_path / "run.pyisession"
    small_session().save(path)
    assert Session.load(path) == small_session()
    assert os.listdir(tmp_path) == ["run.pyisession"]


def test_a_hundred_thousand_samples_take_less_than_two_megabytes() -> None:
    chance = random.Random(3)
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    places = [
        builder.location(builder.frame(f"function_{number}", f"/home/me/m{number % 90}.py", 1), 2)
        for number in range(2000)
    ]
    stacks = []
    for _ in range(5000):
        stack = 0
        for place in chance.choices(places, k=40):
            stack = builder.stack(stack, place)
        stacks.append(stack)
    weights = [1 / (rank + 1) for rank in range(len(stacks))]
    for stack in chance.choices(stacks, weights, k=100_000):
        spent = int(chance.gauss(1_000_000, 50_000))
        builder.add_sample(stack, spent, cpu_ns=spent - chance.randrange(20_000))
    content = Session(builder.build(make_facts())).to_bytes()
    assert len(content) < 2_000_000


@given(st.data())
def test_no_flipped_byte_raises_anything_but_a_session_file_error(data: st.DataObject) -> None:
    content = bytearray(small_session().to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    opens_or_says_why(bytes(content))


@given(st.data())
def test_nor_does_one_inside_the_compressed_part(data: st.DataObject) -> None:
    body = bytearray(unpacked(small_session().to_bytes()))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    opens_or_says_why(packed(bytes(body)))


@given(st.binary(max_size=60), st.booleans())
def test_nor_does_anything_else(content: bytes, as_ours: bool) -> None:
    opens_or_says_why(packed(content) if as_ours else content)


def opens_or_says_why(content: bytes) -> None:
    """What opens must also be usable."""
    try:
        session = Session.from_bytes(content)
    except SessionFileError:
        return
    session.call_tree().self_check()
    session.call_tree([]).self_check()
    session.to_json()
    Session.combine(session, session)
    assert Session.from_bytes(session.to_bytes()) == session


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_says_so(kept: float) -> None:
    content = small_session().to_bytes()
    assert "is cut off" in fault_of(content[: int(len(content) * kept)])


def test_a_file_cut_off_in_its_first_bytes_says_so() -> None:
    assert "it ends after its first bytes" in fault_of(MAGIC + b"\1")


def test_a_newer_file_asks_for_an_upgrade() -> None:
    message = fault_of(packed(b"whatever", version=FORMAT_VERSION + 1))
    assert "newer pyinstrument (session format 2; this one reads up to 1)" in message
    assert "upgrade pyinstrument" in message


def test_a_file_with_something_after_its_end_says_so() -> None:
    assert "3 bytes follow its end" in fault_of(small_session().to_bytes() + b"abc")


def test_a_small_file_that_unpacks_to_very_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session_file, "UNPACKED_AT_LEAST", 1000)
    content = packed(bytes(1_000_000))
    assert "it unpacks to more than " in fault_of(content)
    assert Session.from_bytes(small_session().to_bytes()) == small_session()


@pytest.mark.parametrize("depth", [900, 5_000, 100_000])
@pytest.mark.parametrize("place", ["header", "facts", "columns", "old session", "old record"])
def test_json_nested_too_deep_is_refused(depth: int, place: str) -> None:
    deep = "[" * depth + "]" * depth
    if place.startswith("old"):
        record = deep if place == "old record" else '[["a"], 1]'
        content = f'{{"start_call_stack": {deep}, "frame_records": [{record}]}}'.encode()
    else:
        text = (
            deep
            if place == "header"
            else f'{{"strings": [""], "session": {{}}, "{place}": {deep}}}'
        )
        content = packed(struct.pack("<I", len(text)) + text.encode())
    fault_of(content)


def set_stem(header: dict[str, Any]) -> None:
    header["facts"]["stem"] = 99


def set_argv(header: dict[str, Any]) -> None:
    header["facts"]["argv"] = "prog.py"


def set_length(header: dict[str, Any]) -> None:
    header["columns"][0]["length"] = 10**15


def drop_column(header: dict[str, Any]) -> None:
    del header["columns"][3]


def rename_column(header: dict[str, Any]) -> None:
    header["columns"][0]["name"] = "frames.colour"


def drop_strings(header: dict[str, Any]) -> None:
    header["strings"] = header["strings"][:3]


def negative_interval(header: dict[str, Any]) -> None:
    header["session"]["max_interval_ns"] = -1


def maybe_sources(header: dict[str, Any]) -> None:
    header["session"]["may_have_sources"] = "maybe"


def unknown_keys(header: dict[str, Any]) -> None:
    header["colour"] = header["session"]["colour"] = header["facts"]["colour"] = "green"


def test_keys_that_later_releases_may_add_are_passed_over() -> None:
    content = with_header(small_session().to_bytes(), unknown_keys)
    assert Session.from_bytes(content) == small_session()


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (set_stem, "stack 99 is not in its table of 6"),
        (set_argv, "'argv' in its header is no list of texts"),
        (set_length, "column frames.function is cut off"),
        (drop_column, "does not list the columns of this format"),
        (rename_column, "where column frames.function should be"),
        (drop_strings, "is not in its table of 3"),
        (negative_interval, "'max_interval_ns' in its header is no whole number"),
        (maybe_sources, "'may_have_sources' in its header is neither true nor false"),
    ],
)
def test_a_header_that_lies_is_named(edit: Callable[[dict[str, Any]], None], fault: str) -> None:
    assert fault in fault_of(with_header(small_session().to_bytes(), edit))


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("stack", 999, "stack 999 is not in its table of"),
        ("origin", 999, "stack 999 is not in its table of"),
        ("thread", 9, "thread 9 is not in its table of 5"),
        ("duration_ns", -1, "a link has a duration of -1 ns"),
    ],
)
def test_a_link_to_nowhere_is_named(column: str, value: int, fault: str) -> None:
    links = AT_WORK.recording.links
    changed = links._replace(**{column: array(getattr(links, column).typecode, [value])})
    broken = Session(AT_WORK.recording._replace(links=changed))
    assert Session.from_bytes(AT_WORK.to_bytes()) == AT_WORK
    assert fault in fault_of(broken.to_bytes())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (
            b'{"start_time": 1, "root_frame": null}',
            "this is a JSON report (-r json), which cannot be loaded; "
            "save a session with -o name.pyisession",
        ),
        (
            b'{"$schema": "https://www.speedscope.app/file-format-schema.json"}',
            "this is a speedscope file (-r speedscope)",
        ),
        (b'{"name": "me"}', "this JSON is no session of pyinstrument"),
        (b'{"frame_records": [', "this is damaged or incomplete JSON"),
        (b"<!DOCTYPE html><html>", "this is an HTML file"),
        (b"\x80\x04 pickled", "this is no session file"),
    ],
)
def test_a_foreign_file_is_called_what_it_is(content: bytes, fault: str) -> None:
    message = fault_of(content)
    assert fault in message
    assert "-o name.pyisession" in message


def test_a_missing_file_is_a_session_file_error(tmp_path: Path) -> None:
    path = tmp_path / "none.pyisession"
    with pytest.raises(SessionFileError, match=r"cannot be read \(No such file or directory\)"):
        Session.load(path)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.pyisession"
    path.write_bytes(b"the old one")

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        small_session().save(path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {path.name: b"the old one"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_saved_file_has_the_mode_that_open_would_give(tmp_path: Path) -> None:
    path = tmp_path / "run.pyisession"
    small_session().save(path)
    (tmp_path / "plain").write_bytes(b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    path.chmod(0o600)
    small_session().save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.pyisession").write_bytes(b"old")
    (tmp_path / "link.pyisession").symlink_to("real.pyisession")
    small_session().save(tmp_path / "link.pyisession")
    assert (tmp_path / "link.pyisession").is_symlink()
    assert Session.load(tmp_path / "real.pyisession") == small_session()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a device of Linux")
def test_a_device_is_written_to_and_its_error_is_told() -> None:
    with pytest.raises(OSError, match="No space left"):
        small_session().save("/dev/full")
    assert os.path.exists("/dev/full")
