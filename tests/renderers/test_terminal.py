"""What a stream is taken to support."""

from __future__ import annotations

import io
import os
import struct

import pytest

from pyinstrument_renderers.terminal import (
    is_terminal,
    supports_color,
    supports_unicode,
    terminal_width,
)


class FakeStream:
    def __init__(self, tty: bool = False, encoding: str | None = "utf-8") -> None:
        self.tty = tty
        self.encoding = encoding

    def isatty(self) -> bool:
        return self.tty


@pytest.mark.parametrize(
    ("tty", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"FORCE_COLOR": "0"}, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (True, {"TERM": "xterm-256color"}, True),
    ],
)
def test_colour_follows_terminal_and_conventions(
    tty: bool, environ: dict[str, str], expected: bool
) -> None:
    assert supports_color(FakeStream(tty), environ, "linux") is expected


@pytest.mark.parametrize(("environ", "expected"), [({}, False), ({"WT_SESSION": "x"}, True)])
def test_windows_needs_a_terminal_that_knows_escapes(
    environ: dict[str, str], expected: bool
) -> None:
    assert supports_color(FakeStream(tty=True), environ, "win32") is expected


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()

    assert is_terminal(stream) is False
    assert is_terminal(object()) is False


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", True), ("UTF-16", True), ("ascii", False), ("cp1252", False), ("no-such", False)],
)
def test_unicode_follows_the_encoding(encoding: str, expected: bool) -> None:
    assert supports_unicode(FakeStream(encoding=encoding)) is expected


def test_a_stream_in_memory_holds_any_text() -> None:
    assert supports_unicode(io.StringIO()) is True


def test_only_a_terminal_has_a_width() -> None:
    environ = {"COLUMNS": "93"}

    assert terminal_width(FakeStream(tty=True), environ) == 93
    assert terminal_width(FakeStream(tty=False), environ) is None


@pytest.mark.parametrize("columns", ["", "0", "-1", "wide"])
def test_a_terminal_that_cannot_tell_has_no_width(columns: str) -> None:
    assert terminal_width(FakeStream(tty=True), {"COLUMNS": columns}) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_the_width_is_that_of_the_streams_own_terminal() -> None:
    import fcntl
    import termios

    controller, terminal = os.openpty()
    with open(controller, "wb"), open(terminal, "w") as stream:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 77, 0, 0))

        assert terminal_width(stream, {}) == 77
