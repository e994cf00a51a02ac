"""Files are written whole or not at all, and special files are left what they are."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Iterator

import pytest
from support.made_up_sessions import small_session

from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import OutputError, RendererError
from pyinstrument_renderers.interface import Renderer
from pyinstrument_renderers.outputs import (
    encode,
    write_output,
    write_pieces,
    write_report,
    write_stream,
)

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def test_text_is_utf8_with_plain_newlines(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"

    write_output(str(target), "└─ zeit\n")

    assert target.read_bytes() == "└─ zeit\n".encode()


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    target = tmp_path / "report.bin"

    write_output(str(target), b"\r\n\0")

    assert target.read_bytes() == b"\r\n\0"


def test_pieces_are_written_one_after_the_other(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"

    pieces: list[str | bytes] = ["ä", b"\0", "b\n"]
    write_pieces(str(target), lambda: pieces)

    assert target.read_bytes() == "ä\0b\n".encode()


def test_a_report_that_fails_halfway_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new"
        raise RendererError("cannot go on")

    with pytest.raises(RendererError, match="cannot go on"):
        write_pieces(str(target), pieces)

    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


def test_pieces_are_made_again_where_a_file_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def mounted_alone(source: str, destination: str) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", mounted_alone)

    write_pieces(str(target), lambda: iter(["n", "ew"]))

    assert target.read_text() == "new"


def test_a_failure_to_make_pieces_is_told_as_it_is_and_they_are_made_once(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    failure = PermissionError(errno.EACCES, "Permission denied", "/the/source")
    asked: list[str] = []

    def pieces() -> Iterator[str]:
        asked.append("pieces")
        yield "new"
        raise failure

    with pytest.raises(PermissionError) as caught:
        write_pieces(str(target), pieces)

    assert caught.value is failure
    assert asked == ["pieces"]
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


class Whole(Renderer):
    """Makes its report at once; counts how often."""

    def __init__(self, failure: OSError | None = None) -> None:
        self.failure = failure
        self.asked = 0

    def render(self, session: Session) -> str:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return "new"


def test_a_report_that_is_made_at_once_is_made_once_also_where_a_file_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def mounted_alone(source: str, destination: str) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", mounted_alone)
    renderer = Whole()

    write_report(str(target), renderer, small_session())

    assert (target.read_text(), renderer.asked) == ("new", 1)


def test_a_renderers_own_failure_is_not_one_of_the_output(tmp_path: Path) -> None:
    failure = PermissionError(errno.EACCES, "Permission denied", "/the/source")

    with pytest.raises(PermissionError) as caught:
        write_report(str(tmp_path / "report.txt"), Whole(failure), small_session())

    assert caught.value is failure


def test_undecodable_file_names_come_out_as_their_bytes() -> None:
    assert encode("a\udcffb") == b"a\xffb"


def test_other_lone_surrogates_are_escaped() -> None:
    assert encode("a\ud800b") == b"a\\ud800b"


def test_an_existing_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    write_output(str(target), "new")

    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["report.txt"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def full_disk(source: str, destination: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OutputError) as caught:
        write_output(str(target), "new")

    assert str(caught.value) == f"cannot write {str(target)!r}: No space left on device"
    assert caught.value.path == str(target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    target = str(tmp_path / "nowhere" / "report.txt")

    with pytest.raises(OutputError) as caught:
        write_output(target, "new")

    assert str(caught.value) == f"cannot write {target!r}: No such file or directory"


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"directory|denied"):
        write_output(str(tmp_path), "new")


@posix_only
def test_a_new_file_has_the_permissions_open_would_give(tmp_path: Path) -> None:
    with open(tmp_path / "plain", "w"):
        pass

    write_output(str(tmp_path / "report"), "new")

    assert (tmp_path / "report").stat().st_mode == (tmp_path / "plain").stat().st_mode


@posix_only
def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(0o640)

    write_output(str(target), "new")

    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_what_is_being_written_is_no_more_readable_than_the_file_it_replaces(
    tmp_path: Path, mode: int
) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(mode)
    modes: list[int] = []

    def pieces() -> Iterator[str]:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())
        yield "new"

    write_pieces(str(target), pieces)

    assert modes == [mode, mode]
    assert stat.S_IMODE(target.stat().st_mode) == mode


@posix_only
def test_a_file_that_replaces_another_is_created_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(0o600)
    modes: list[int] = []

    def observed(path: str, mode: int) -> None:
        modes.append(stat.S_IMODE(os.stat(path).st_mode))

    monkeypatch.setattr(os, "chmod", observed)
    write_output(str(target), "new")

    assert modes == [0o600]


@posix_only
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(0o444)

    with pytest.raises(OutputError, match="read-only"):
        write_output(str(target), "new")

    assert target.read_text() == "old"


@posix_only
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    link = tmp_path / "link"
    link.symlink_to(target)

    write_output(str(link), "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_file_that_cannot_be_replaced_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mounted"
    target.write_text("old")

    def busy(source: str, destination: str) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    write_output(str(target), "new")

    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["mounted"]


@posix_only
def test_a_pipe_gets_the_report_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()

    write_output(str(pipe), "new")
    reader.join(10)

    assert received == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix_only
def test_dev_stdout_adds_to_what_the_program_printed(tmp_path: Path) -> None:
    code = (
        "from pyinstrument_renderers.outputs import write_output\n"
        "print('program')\n"
        "write_output('/dev/stdout', 'report\\n')\n"
        "print('after')\n"
    )
    log = tmp_path / "log"

    with open(log, "wb") as file:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True, env=env)

    assert log.read_text() == "program\nreport\nafter\n"


def test_a_stream_escapes_what_its_encoding_lacks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="")

    write_stream(stream, "└ x\n")
    stream.flush()

    assert raw.getvalue() == b"\\u2514 x\n"


def test_a_stream_without_encoding_gets_any_text() -> None:
    stream = io.StringIO()

    write_stream(stream, "└ x\n")

    assert stream.getvalue() == "└ x\n"
