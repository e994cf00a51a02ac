"""What ``python`` looks for, the command finds in the same place, or fails with the same words."""

from __future__ import annotations

import os
import py_compile
import sys
from pathlib import Path

import pytest
from support.command import Command, Result

SHOW = "import sys; print(__file__, sys.argv, sys.path[0], __spec__ and __spec__.name)\n"


def check(command: Command, *arguments: str, flags: tuple[str, ...] = ()) -> Result:
    """Runs both ways and returns what both did."""
    expected = command.python(*flags, *arguments, "x")
    found = command.pyinstrument("-o", "report.json", *arguments, "x", python_options=flags)
    assert found == expected
    return found


@pytest.mark.parametrize("path", ["p.py", "./p.py", "sub/p.py", "sub/../p.py", "sub/./p.py"])
def test_a_script_by_a_relative_path(command: Command, path: str) -> None:
    command.file("p.py", SHOW)
    command.file("sub/p.py", SHOW)
    assert check(command, path).status == 0


def test_a_script_by_an_absolute_path(command: Command) -> None:
    assert check(command, str(command.file("sub/p.py", SHOW))).status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_script_behind_links(command: Command) -> None:
    command.file("real/p.py", SHOW + "import beside\n")
    command.file("real/beside.py", "")
    os.symlink("real/p.py", command.folder / "link.py")
    os.symlink("link.py", command.folder / "second.py")
    os.symlink("real", command.folder / "folder")
    for path in ("link.py", "second.py", "folder/p.py"):
        assert check(command, path).status == 0


def test_a_script_without_a_suffix(command: Command) -> None:
    command.file("program", SHOW)
    assert check(command, "program").status == 0


@pytest.mark.parametrize("name", ["p.pyc", "compiled"])
def test_a_compiled_script(command: Command, name: str) -> None:
    source = command.file("p.py", SHOW + "def f(): 1/0\nf()")
    py_compile.compile(str(source), str(command.folder / name), doraise=True)
    assert check(command, name).status == 1


def test_a_compiled_script_of_another_version(command: Command) -> None:
    (command.folder / "p.pyc").write_bytes(b"\x00\x01\r\n" + b"\0" * 20)
    expected = command.python("p.pyc")
    found = command.pyinstrument("p.pyc")
    assert (found.status, found.stdout) == (expected.status, expected.stdout)
    assert found.stderr.splitlines()[-1] == expected.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [["missing.py"], ["sub/missing.py"], ["folder"], ["-m", "missing"], ["-m", "missing.sub"],
     ["-m", "package"], ["-m", "broken"], ["-m", "package.broken"], ["-m", "p.py"], ["-m", ""]],
)  # fmt: skip
def test_what_cannot_be_run(command: Command, arguments: list[str]) -> None:
    command.file("p.py", SHOW)
    command.file("folder/other.py", "")
    command.file("package/__init__.py", "")
    command.file("package/broken.py", "1/0")
    command.file("broken.py", "def f(:\n")
    assert check(command, *arguments).status != 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root may read every file, and Windows has no such modes",
)
def test_a_script_that_may_not_be_read(command: Command) -> None:
    command.file("p.py", SHOW).chmod(0)
    assert check(command, "p.py").status == 2


@pytest.mark.parametrize("arguments", [["-m", "p"], ["-m", "package"], ["-m", "package.sub.p"]])
def test_modules_and_packages(command: Command, arguments: list[str]) -> None:
    command.file("p.py", SHOW)
    command.file("package/__init__.py", "import sys; print('package', sys.argv)")
    command.file("package/__main__.py", SHOW + "from . import sub; print(sub)")
    command.file("package/sub/__init__.py", "")
    command.file("package/sub/p.py", SHOW + "from .. import sub")
    assert check(command, *arguments).status == 0


@pytest.mark.parametrize("arguments", [["sub/p.py"], ["-m", "sub.p"], ["-c", "pass"], ["sub"]])
@pytest.mark.skipif(sys.version_info < (3, 11), reason="python -P came with Python 3.11")
def test_safe_path_keeps_the_folder_out(command: Command, arguments: list[str]) -> None:
    command.file("sub/p.py", SHOW)
    command.file("sub/__main__.py", SHOW)
    check(command, *arguments, flags=("-P",))
    command.environ["PYTHONSAFEPATH"] = "1"
    check(command, *arguments)


@pytest.mark.parametrize("arguments", [["p.py"], ["-m", "p"], ["-c", "import p"]])
def test_options_of_the_interpreter_hold_for_the_program(
    command: Command, arguments: list[str]
) -> None:
    command.file(
        "p.py",
        "import sys\nprint(sys.flags.optimize, sys.warnoptions, __debug__)\nassert False\n"
        "import warnings\nwarnings.warn('now', ResourceWarning)\n",
    )
    assert check(command, *arguments, flags=("-O", "-W", "error")).status == 1


@pytest.mark.parametrize(
    "content",
    [b"# coding: latin-1\nprint(ascii('\xe4'))", b"\xef\xbb\xbfprint(ascii('\xc3\xa4'))",
     b"print(1)\r\nprint(2)\r\n", b"print(1)", b"", b"\f\nprint(1)"],
)  # fmt: skip
def test_encodings_and_line_ends_of_scripts(command: Command, content: bytes) -> None:
    (command.folder / "p.py").write_bytes(content)
    assert check(command, "p.py").status == 0


@pytest.mark.parametrize(
    "content",
    [b"print('\xe4')", b"# coding: nothing\n", b"\xef\xbb\xbf# coding: latin-1"],
)
def test_scripts_that_are_no_text_are_refused(command: Command, content: bytes) -> None:
    (command.folder / "p.py").write_bytes(content)
    expected, found = command.python("p.py"), command.pyinstrument("p.py")
    assert (found.status, found.stdout) == (expected.status, expected.stdout)
    if expected.status:
        assert found.stderr.splitlines()[-1].startswith(("SyntaxError: ", "ValueError: "))


@pytest.mark.parametrize(
    "end", ["print('end')", "1/0", "raise SystemExit('over')", "raise KeyboardInterrupt"]
)
def test_the_installed_command_is_no_different(command: Command, end: str) -> None:
    command.file("p.py", SHOW + end)
    script = command.file(
        "bin/pyinstrument",
        "import sys\nfrom pyinstrument.app import main\nif __name__ == '__main__':\n"
        "    sys.exit(main())\n",
    )
    found = command.python(str(script), "-o", "report.json", "p.py", "x")
    assert found == command.python("p.py", "x")


def test_a_program_finds_its_own_modules_before_those_of_the_command(command: Command) -> None:
    command.file("options.py", "name = 'mine'")
    command.file("p.py", "import options; print(options.name)")
    assert check(command, "p.py").stdout == "mine\n"


def test_bytecode_is_written_where_it_was(command: Command) -> None:
    command.file("p.py", "import beside")
    command.file("beside.py", "")
    del command.environ["PYTHONDONTWRITEBYTECODE"]
    assert check(command, "p.py").status == 0
    assert [
        Path(name).stem.split(".")[0] for name in os.listdir(command.folder / "__pycache__")
    ] == ["beside"]
