"""HTML reports of the command: where they go, where they start, which source they hold."""

from __future__ import annotations

import fnmatch
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from support.command import Command, on_a_terminal
from support.html_pages import Page

SPIN = "total = 0\nfor i in range(1500000): total += i\n"
WAIT = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()\n"

needs_terminal = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals"
)


def page_in(command: Command, name: str = "report.html") -> Page:
    return Page((command.folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def browser(command: Command) -> Path:
    """A file that gets the addresses which a browser is asked to open."""
    log = command.folder / "browser.log"
    script = command.file(
        "browser.py", "import sys\nopen(sys.argv[1], 'a').write(sys.argv[2] + '\\n')"
    )
    words = [sys.executable, str(script), str(log)]
    command.environ["BROWSER"] = " ".join(map(shlex.quote, words)) + " %s"
    command.environ["TMPDIR"] = str(command.folder)
    return log


@pytest.mark.parametrize("name", ["report.html", "report.HTM"])
def test_the_suffix_of_the_output_asks_for_html(command: Command, name: str) -> None:
    command.file("p.py", SPIN)
    assert command.pyinstrument("-o", name, "p.py", "x") == ("", "", 0)
    assert page_in(command, name).session.target_description == "Program: p.py x"


@pytest.mark.parametrize("option", [["-r", "html"], ["--html"]])
def test_html_goes_to_standard_output_where_that_is_no_terminal(
    command: Command, browser: Path, option: list[str]
) -> None:
    command.file("p.py", SPIN)
    result = command.pyinstrument(*option, "p.py")
    assert Page(result.stdout).session.target_description == "Program: p.py"
    assert (result.stderr, result.status) == ("", 0)
    assert not browser.exists()


@needs_terminal
def test_html_for_a_terminal_opens_in_a_browser(command: Command, browser: Path) -> None:
    command.file("p.py", SPIN)
    status, shown = on_a_terminal(command, ["-r", "html", "p.py"])
    (path,) = command.folder.glob("pyinstrument-*.html")
    assert shown.decode() == f"The report is in {path}\r\n"
    assert browser.read_text() == f"{path.as_uri()}\n"
    assert page_in(command, path.name).session.target_description == "Program: p.py"
    assert status == 0


@needs_terminal
def test_html_of_a_program_that_is_ended_is_kept_and_not_opened(
    command: Command, browser: Path
) -> None:
    command.file("p.py", WAIT.replace("sys.stdin.readline()", "os.kill(os.getpid(), 15)")
                 .replace("import sys", "import os, sys"))  # fmt: skip
    status, shown = on_a_terminal(command, ["-r", "html", "p.py"])
    (path,) = command.folder.glob("pyinstrument-*.html")
    assert shown.decode() == f"ready\r\nThe report is in {path}\r\n"
    assert not browser.exists()
    assert status == -signal.SIGTERM


def test_a_saved_session_becomes_html(command: Command) -> None:
    command.file("p.py", SPIN)
    command.pyinstrument("-o", "run.pyisession", "p.py")
    assert command.pyinstrument("--load", "run.pyisession", "-o", "report.html") == ("", "", 0)
    assert page_in(command).session.target_description == "Program: p.py"


STARTS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "nothing": ([], {}),
    "timeline": (["-t"], {"view": "timeline"}),
    "all": (["--show-all"], {"show_all": True}),
    "cpu": (["--clock", "cpu"], {"clock": "cpu"}),
    "globs": (
        ["--hide", "*/vendor/*", "--show", "*/vendor/mine/*"],
        {
            "hide_regex": fnmatch.translate("*/vendor/*"),
            "show_regex": fnmatch.translate("*/vendor/mine/*"),
        },
    ),
    "regexes": (["--hide-regex", "a", "--show-regex", "b"], {"hide_regex": "a", "show_regex": "b"}),
    "threshold": (["-p", "processor_options.filter_threshold=0"], {"filter_threshold": 0}),
}


@pytest.mark.parametrize("name", STARTS)
def test_options_are_where_the_viewer_starts(command: Command, name: str) -> None:
    options, start = STARTS[name]
    command.file("p.py", SPIN)
    assert command.pyinstrument(*options, "-o", "report.html", "p.py") == ("", "", 0)
    assert page_in(command).start == start


def test_source_lines_travel_unless_they_are_to_stay(command: Command) -> None:
    command.file("p.py", SPIN)
    command.pyinstrument("-o", "report.html", "p.py")
    sources = page_in(command).session.sources
    lines_of = {os.path.basename(file): lines for file, lines in sources.items()}
    # Python 3.8 leaves the script's name relative.
    assert lines_of["p.py"] == dict(enumerate(SPIN.splitlines(), 1))
    command.pyinstrument("--no-source", "-o", "report.html", "p.py")
    assert page_in(command).session.sources == {}


def test_no_source_is_for_text_too(command: Command) -> None:
    command.file("p.py", SPIN)
    arguments = ["-p", "lines", "-o", "report.txt", "p.py"]
    command.pyinstrument(*arguments)
    assert "total += i" in (command.folder / "report.txt").read_text(encoding="utf-8")
    command.pyinstrument("--no-source", *arguments)
    assert "total += i" not in (command.folder / "report.txt").read_text(encoding="utf-8")


def test_a_project_can_keep_its_source_to_itself(command: Command) -> None:
    command.file("p.py", SPIN)
    command.file("pyproject.toml", "[tool.pyinstrument]\nsource = false\n")
    command.pyinstrument("-o", "report.html", "p.py")
    assert page_in(command).session.sources == {}


def test_source_of_a_file_named_like_a_secret_never_travels(command: Command) -> None:
    path = str(command.file("my_secrets.py", SPIN))
    command.pyinstrument("-o", "report.html", "my_secrets.py")
    assert path not in page_in(command).session.sources
