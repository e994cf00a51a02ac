"""Where reports go, what comes with them, and what becomes of them when something fails."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from support.command import Command

SPIN = "total = 0\nfor i in range(1500000): total += i\n"
WAIT = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()\n"


def titles(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["target_description"])


def test_a_text_report_follows_the_programs_own_output(command: Command) -> None:
    command.file("p.py", SPIN + "print('mine')")
    result = command.pyinstrument("p.py", "an", "argument")
    lines = result.stdout.splitlines()
    assert lines[0] == "mine"
    assert "Program: p.py an argument" in lines
    assert any("<module>  p.py:1" in line for line in lines)
    assert (result.stderr, result.status) == ("", 0)


def test_a_text_report_ends_with_the_way_to_see_it_again(command: Command) -> None:
    command.file("p.py", SPIN)
    first = command.pyinstrument("p.py").stdout.splitlines()
    hint = first[-2].split()
    assert first[-3:] == [
        "To view this report with different options, run:",
        f"    pyinstrument --load-prev {hint[2]} [options]",
        "",
    ]
    again = command.pyinstrument("--load-prev", hint[2])
    assert again.stdout.splitlines() == first
    assert again.status == 0
    assert [path.stem for path in command.reports.iterdir()] == [hint[2]]


def test_other_outputs_have_no_hint_and_leave_the_store_alone(command: Command) -> None:
    command.file("p.py", SPIN)
    result = command.pyinstrument("-r", "json", "p.py")
    assert json.loads(result.stdout)["target_description"] == "Program: p.py"
    assert command.pyinstrument("-o", "report.txt", "p.py").stdout == ""
    assert not command.reports.exists()


def test_one_run_can_have_several_outputs_each_by_its_suffix(command: Command) -> None:
    command.file("p.py", SPIN)
    result = command.pyinstrument("-o", "a.json", "-o", "b.txt", "-o", "c.pyisession", "p.py")
    assert result == ("", "", 0)
    started = json.loads((command.folder / "a.json").read_text())["start_time"]
    assert "Program: p.py" in (command.folder / "b.txt").read_text(encoding="utf-8")
    loaded = command.pyinstrument("--load", "c.pyisession", "-r", "json")
    assert json.loads(loaded.stdout)["start_time"] == started


@pytest.mark.parametrize(
    "name, start",
    [
        ("a.TXT", b""),
        ("a.JSON", b'{"start_time"'),
        ("a.other", b""),
        ("a.pyisession", b"pyisess"),
        ("a.speedscope.json", b'{"$schema"'),
        ("a.gecko.json", b'{"meta"'),
        ("a.trace.json", b'{"displayTimeUnit"'),
        ("a.pstats", b"{)"),
        ("a.collapsed", b"<module> (p.py:1)"),
        ("a.pb.gz", b"\x1f\x8b"),
        ("a.md", b"# Profile of `Program: p.py`\n"),
        ("a.csv", b"function,"),
    ],
)
def test_the_suffix_of_the_output_tells_the_format(
    command: Command, name: str, start: bytes
) -> None:
    command.file("p.py", SPIN)
    assert command.pyinstrument("-o", name, "p.py").status == 0
    assert (command.folder / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("open('gone.txt')", "FileNotFoundError: [Errno 2] No such file or directory: 'gone.txt'"),
    ],
)
def test_a_report_that_fails_halfway_leaves_the_old_file(
    command: Command, failure: str, told: str
) -> None:
    command.file("p.py", SPIN)
    command.file("a.csv", "old")
    command.module(
        "halfway",
        "from pyinstrument.renderers import PartsRenderer\n"
        "class Halfway(PartsRenderer):\n"
        "    def parts(self, session):\n"
        "        yield 'new'\n"
        f"        {failure}\n",
    )
    result = command.pyinstrument("-o", "a.csv", "-r", "halfway.Halfway", "p.py")
    assert result.status == 2
    assert f"renderer 'halfway.Halfway' failed: {told}" in result.stderr
    assert (command.folder / "a.csv").read_text() == "old"


def test_a_subclass_with_a_render_of_its_own_is_asked_for_that(command: Command) -> None:
    command.file("p.py", SPIN)
    command.module(
        "headed",
        "from pyinstrument_renderers.csv import CSVRenderer\n"
        "class Headed(CSVRenderer):\n"
        "    def render(self, session): return '# mine\\n' + super().render(session)\n",
    )
    assert command.pyinstrument("-o", "a.csv", "-r", "headed.Headed", "p.py").status == 0
    assert (command.folder / "a.csv").read_text().splitlines()[:2] == [
        "# mine",
        "function,file,line,is_application_code,self_seconds,total_seconds",
    ]


def test_an_output_is_where_it_was_meant_although_the_program_moves(command: Command) -> None:
    command.file("p.py", "import os; os.mkdir('sub'); os.chdir('sub')")
    assert command.pyinstrument("-o", "report.json", "p.py").status == 0
    assert (command.folder / "report.json").is_file()


def test_a_session_can_be_loaded_and_written_to_its_own_file(command: Command) -> None:
    command.file("p.py", SPIN)
    command.pyinstrument("-o", "a.pyisession", "p.py")
    before = (command.folder / "a.pyisession").read_bytes()
    assert command.pyinstrument("--load", "a.pyisession", "-o", "a.pyisession") == ("", "", 0)
    assert (command.folder / "a.pyisession").read_bytes() == before


@pytest.mark.parametrize(
    "arguments, title",
    [
        (["p.py", "a", "b"], "Program: p.py a b"),
        (["-m", "p", "a"], "Program: p a"),
        (["-c", "pass", "-o", "x"], "Program: -c -o x"),
        (["--target-description", "<{args}> {{}}", "p.py"], "<p.py> {}"),
    ],
)
def test_the_title_tells_what_was_run(command: Command, arguments: list[str], title: str) -> None:
    command.file("p.py", "import sys; sys.argv[:] = ['changed']")
    assert command.pyinstrument("-o", "report.json", *arguments).status == 0
    assert titles(command.folder / "report.json") == title


@pytest.mark.parametrize("way", ["script", "module", "code", "folder"])
def test_the_report_begins_with_the_program_not_with_what_runs_it(
    command: Command, way: str
) -> None:
    command.file("p.py", SPIN)
    command.file("folder/__main__.py", SPIN)
    arguments = {
        "script": ["p.py"],
        "module": ["-m", "p"],
        "code": ["-c", SPIN],
        "folder": ["folder"],
    }
    command.pyinstrument("-o", "report.json", *arguments[way])
    root = json.loads((command.folder / "report.json").read_text())["root_frame"]
    assert (root["function"], root["file_path"].endswith(("p.py", "<string>", "__main__.py"))) == (
        "<module>",
        True,
    )


@pytest.mark.parametrize(
    "end, status",
    [("1/0", 1), ("import sys; sys.exit(7)", 7), ("raise KeyboardInterrupt", -signal.SIGINT)],
)
def test_a_program_that_fails_has_its_report(command: Command, end: str, status: int) -> None:
    command.file("p.py", SPIN + end)
    result = command.pyinstrument("-o", "report.json", "p.py")
    assert result.status == status
    assert titles(command.folder / "report.json") == "Program: p.py"


@pytest.mark.parametrize(
    "arguments", [["missing.py"], ["-m", "missing"], ["empty"], ["wrong.py"], ["-c", "1 +"]]
)
def test_a_program_that_was_not_even_started_has_no_report(
    command: Command, arguments: list[str]
) -> None:
    command.file("wrong.py", "def f(:")
    (command.folder / "empty").mkdir()
    result = command.pyinstrument(*arguments)
    assert result.stdout == ""
    assert result == command.python(*arguments)
    assert not command.reports.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_stopped_by_a_signal_has_its_report_and_dies_of_it(
    command: Command, number: signal.Signals
) -> None:
    command.file("p.py", WAIT)
    with command.start("-o", "report.json", "p.py") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == -number
    assert titles(command.folder / "report.json") == "Program: p.py"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_terminated_program_prints_its_report_to_standard_output(command: Command) -> None:
    command.file("p.py", WAIT)
    with command.start("p.py") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        stdout, stderr = process.communicate(timeout=60)
    assert "Program: p.py" in stdout.splitlines()
    assert (stderr, process.returncode) == ("", -signal.SIGTERM)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
@pytest.mark.parametrize(
    "child", ["pass", "raise SystemExit(3)", "1/0", "os.kill(os.getpid(), 15)"]
)
def test_a_forked_child_prints_no_report_of_its_own(command: Command, child: str) -> None:
    command.file(
        "p.py",
        "import os, warnings\nwarnings.simplefilter('ignore')\n"
        f"if os.fork():\n    os.wait()\nelse:\n    {child}\n",
    )
    result = command.pyinstrument("p.py")
    assert result.stdout.count("Program: p.py") == 1
    assert result.status == 0


def test_a_full_disk_costs_neither_the_old_report_nor_the_other_output(command: Command) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, a device of Linux")
    command.file("p.py", SPIN)
    result = command.pyinstrument("-o", "/dev/full", "-o", "report.json", "p.py")
    assert result.status == 2
    assert result.stderr == "pyinstrument: cannot write '/dev/full': No space left on device\n"
    assert titles(command.folder / "report.json") == "Program: p.py"


def test_the_programs_failure_comes_before_that_of_the_report(command: Command) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, a device of Linux")
    command.file("p.py", "raise SystemExit(7)")
    assert command.pyinstrument("-o", "/dev/full", "p.py").status == 7


def test_an_unwritable_store_is_only_a_warning(command: Command) -> None:
    command.file("p.py", SPIN)
    command.file("occupied", "a file where the store should be")
    command.environ["PYINSTRUMENT_REPORTS_DIR"] = str(command.folder / "occupied")
    result = command.pyinstrument("p.py")
    assert result.status == 0
    assert result.stderr.startswith("pyinstrument: warning: cannot write the report store: ")
    assert "Program: p.py" in result.stdout
    assert "--load-prev" not in result.stdout


def test_the_store_can_be_switched_off(command: Command) -> None:
    command.file("p.py", SPIN)
    command.environ["PYINSTRUMENT_REPORTS"] = "0"
    result = command.pyinstrument("p.py")
    assert "--load-prev" not in result.stdout
    assert not command.reports.exists()


def test_the_store_is_where_it_was_when_the_program_began(command: Command) -> None:
    command.file("p.py", "import os; os.mkdir('sub'); os.chdir('sub')")
    command.environ["PYINSTRUMENT_REPORTS_DIR"] = "store"
    assert command.pyinstrument("p.py").status == 0
    assert len(list((command.folder / "store").iterdir())) == 1


def test_a_renderer_of_somebody_elses_is_found_by_its_path(command: Command) -> None:
    command.module(
        "plugin",
        "class Mine:\n    def __init__(self, word='x'): self.word = word\n"
        "    def render(self, session): return self.word + session.target_description\n",
    )
    command.file("p.py", "pass")
    result = command.pyinstrument("-r", "plugin.Mine", "-p", "word=y ", "p.py")
    assert result == ("y Program: p.py\n", "", 0)


@pytest.mark.parametrize("end, status", [("", 2), ("raise SystemExit(7)", 7), ("1/0", 1)])
def test_a_program_that_breaks_what_reports_need_still_ends_as_it_would(
    command: Command, end: str, status: int
) -> None:
    command.file("p.py", "import os\nos.path.abspath = os.getpid = None\n" + end)
    result = command.pyinstrument("-o", "report.json", "p.py")
    assert result.stderr.startswith("pyinstrument: no report: TypeError: ")
    assert ("ZeroDivisionError" in result.stderr, "run_target" in result.stderr) == (
        end == "1/0",
        False,
    )
    assert result.status == status


def test_a_renderer_that_fails_costs_only_its_own_output(command: Command) -> None:
    command.module("plugin", "class Bad:\n    def render(self, session): return 1/0\n")
    command.file("p.py", "print('mine')")
    result = command.pyinstrument("-r", "plugin.Bad", "p.py")
    assert (result.stdout, result.status) == ("mine\n", 2)
    assert result.stderr.startswith(
        "pyinstrument: renderer 'plugin.Bad' failed: ZeroDivisionError: division by zero\n"
    )


def test_options_of_the_renderer_reach_it(command: Command) -> None:
    command.file("p.py", SPIN)
    result = command.pyinstrument("-p", "time=percent_of_total", "p.py")
    assert "100.0% <module>  p.py:1" in result.stdout


def test_settings_of_the_project_are_defaults(command: Command) -> None:
    command.file("pyproject.toml", "[tool.pyinstrument]\ntarget-description = 'Mine: {args}'\n")
    command.file("p.py", "pass")
    if sys.version_info < (3, 11):
        pytest.importorskip("tomli")
    assert "Mine: p.py" in command.pyinstrument("p.py").stdout
    assert "Mine" not in command.pyinstrument("--target-description", "x", "p.py").stdout


def test_awaits_of_the_event_loop_are_shown(command: Command) -> None:
    command.file(
        "p.py",
        "import asyncio\nasync def waiter(): await asyncio.sleep(0.2)\nasyncio.run(waiter())\n",
    )
    assert "waiter  p.py:2" in command.pyinstrument("p.py").stdout


@pytest.mark.parametrize(
    "program",
    ["import json, gzip, random, email, re", "import sys; sys.path.clear()", "pass",
     "import sys; sys.path = None"],
)  # fmt: skip
def test_what_the_program_does_to_imports_does_not_touch_the_report(
    command: Command, program: str
) -> None:
    for name in ("json", "gzip", "random", "email", "rich", "struct", "shutil"):
        command.file(f"sub/{name}.py", "mine = True")
    command.file("sub/p.py", program + "\n" + SPIN)
    result = command.pyinstrument("-o", "a.json", "-o", "a.txt", "-o", "a.pyisession", "sub/p.py")
    assert result == ("", "", 0)
    result = command.pyinstrument("sub/p.py")
    assert (result.stderr, result.status) == ("", 0)
    assert "Program: sub/p.py" in result.stdout
