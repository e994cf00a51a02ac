"""Reports on standard output: terminals, pipes, full disks, programs that replace the stream."""

from __future__ import annotations

import os
import sys

import pytest
from support.command import Command, on_a_terminal

SPIN = "total = 0\nfor i in range(1000000): total += i\n"


@pytest.mark.parametrize("program, status", [("pass", 2), ("raise SystemExit(7)", 7)])
def test_a_full_disk_behind_standard_output_is_told_once(
    command: Command, program: str, status: int
) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, a device of Linux")
    command.file("p.py", program)
    with open("/dev/full", "w") as full:
        result = command.pyinstrument("p.py", stdout=full)
    assert result.stderr == (
        "pyinstrument: cannot write 'standard output': [Errno 28] No space left on device\n"
    )
    assert result.status == status


def test_the_programs_own_output_fails_as_under_python(command: Command) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, a device of Linux")
    command.file("p.py", "print('text')")
    with open("/dev/full", "w") as full:
        assert command.pyinstrument("p.py", stdout=full).status == 120
        assert command.python("p.py", stdout=full).status == 120


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of a closed pipe in another way")
@pytest.mark.parametrize("program", ["pass", "print('text')", "import sys; sys.exit(3)"])
def test_a_reader_that_has_gone_is_no_error(command: Command, program: str) -> None:
    command.file("p.py", program)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        with command.start("p.py", stdout=writer) as process:
            _, stderr = process.communicate(timeout=60)
    finally:
        os.close(writer)
    assert (stderr, process.returncode) == ("", 3 if "exit" in program else 0)


def test_a_program_that_closes_its_output_loses_the_report_with_a_message(
    command: Command,
) -> None:
    command.file("p.py", "import sys; sys.stdout.close()")
    result = command.pyinstrument("p.py")
    assert result.stderr.startswith("pyinstrument: cannot write 'standard output': ")
    assert (result.stdout, result.status) == ("", 2)


@pytest.mark.parametrize(
    "program",
    ["import io, sys; sys.stdout = io.StringIO(); print('unseen')",
     "import os, sys; sys.stdout = open(os.devnull, 'w'); print('unseen')",
     "import sys\nclass Sink:\n    def write(self, text): pass\nsys.stdout = Sink()",
     "import io, sys; sys.stdout = io.TextIOWrapper(sys.stdout.detach(), 'utf-8'); print('seen')",
     "import sys; sys.stdout = None",
     "import sys; del sys.stdout"],
)  # fmt: skip
def test_the_report_goes_to_the_output_that_the_command_was_given(
    command: Command, program: str
) -> None:
    command.file("p.py", program)
    result = command.pyinstrument("p.py")
    assert "Program: p.py" in result.stdout
    assert "unseen" not in result.stdout


def test_what_an_encoding_cannot_say_is_escaped(command: Command) -> None:
    command.file(
        "p.py", "def gr\u00fc\u00df():\n    for i in range(3000000): pass\ngr\u00fc\u00df()\n"
    )
    command.environ["PYTHONIOENCODING"] = "ascii"
    result = command.pyinstrument("p.py")
    assert (result.stderr, result.status) == ("", 0)
    assert "gr\\xfc\\xdf" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    "arguments, environ, expected",
    [
        (["p.py"], {}, b"\x1b["),
        (["p.py"], {"NO_COLOR": "1"}, b"Program: p.py"),
        (["--no-color", "p.py"], {}, b"Program: p.py"),
    ],
)
def test_a_terminal_gets_colour_unless_it_is_unwanted(
    command: Command, arguments: list[str], environ: dict[str, str], expected: bytes
) -> None:
    command.file("p.py", SPIN)
    command.environ.update(environ, TERM="xterm-256color")
    status, shown = on_a_terminal(command, arguments)
    assert status == 0
    assert expected in shown
    assert (b"\x1b[" in shown) is (expected == b"\x1b[")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("name", ["session", "pstats", "pprof"])
def test_binary_data_is_kept_from_a_terminal(command: Command, name: str) -> None:
    command.file("p.py", "print('it ran')")
    status, shown = on_a_terminal(command, ["-r", name, "p.py"])
    assert status == 2
    assert shown == b""
