"""What can be given on the command line, and what is refused before the program runs."""

from __future__ import annotations

import sys

import pytest
from support.command import Command

from pyinstrument.errors import UsageError
from pyinstrument.option_values import check_interval, format_description
from pyinstrument.options import help_text, parse_options
from pyinstrument.session import Session
from pyinstrument.target import Target, TargetKind
from pyinstrument_renderers.errors import SettingsError
from pyinstrument_renderers.settings import read_environment
from pyinstrument_sampler.engines.selection import ENGINE_NAMES, available_engines


def target(*arguments: str) -> Target | None:
    return parse_options(arguments).target


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["p.py"], Target(TargetKind.SCRIPT, "p.py", ())),
        (["p.py", "-o", "x", "--help"], Target(TargetKind.SCRIPT, "p.py", ("-o", "x", "--help"))),
        (["-m", "pkg", "-m", "x"], Target(TargetKind.MODULE, "pkg", ("-m", "x"))),
        (["-mpkg", "x"], Target(TargetKind.MODULE, "pkg", ("x",))),
        (["-c", "pass", "-i", "2"], Target(TargetKind.CODE, "pass", ("-i", "2"))),
        (["-"], Target(TargetKind.SCRIPT, "-", ())),
        (["--", "-odd.py", "x"], Target(TargetKind.SCRIPT, "-odd.py", ("x",))),
    ],
)
def test_what_follows_the_program_belongs_to_it(arguments: list[str], expected: Target) -> None:
    assert parse_options(["-t", *arguments]).target == expected


def test_long_options_may_be_shortened_while_they_are_unambiguous() -> None:
    assert parse_options(["--interv", "0.5", "--outf=x", "p.py"]).interval == 0.5


def test_the_old_html_flag_wins_over_the_renderer() -> None:
    assert parse_options(["--html", "-r", "json", "p.py"]).renderer == "html"


@pytest.mark.parametrize("seconds", [0.0001, 0.001, 10])
def test_intervals_within_the_bounds_are_taken(seconds: float) -> None:
    assert check_interval("-i", seconds) == seconds


@pytest.mark.parametrize("seconds", [0, -1, 0.00009, 10.1, float("nan"), float("inf")])
def test_intervals_beyond_the_bounds_are_refused(seconds: float) -> None:
    with pytest.raises(UsageError, match=r"^-i must be from 0\.0001 to 10 seconds, not"):
        check_interval("-i", seconds)


@pytest.mark.parametrize("template", ["{", "}", "{}", "{0}", "{args.x}", "{other}", "{args:d}"])
def test_titles_that_cannot_be_made_are_refused(template: str) -> None:
    with pytest.raises(UsageError, match=r"'[{]args[}]' is the only placeholder"):
        format_description("title", template, ["p.py"])


REFUSED = {
    "two programs": (["--load", "x", "p.py"], "--load and a script cannot be combined"),
    "script of -m": (["--from-path", "-m", "x"], "--from-path looks for a script, not of -m"),
    "from path of nothing": (["--from-path"], "--from-path looks for a script, so name one"),
    "not in path": (["--from-path", "no-such-program"], "there is no program 'no-such-program'"),
    "hide twice": (["--hide", "x", "--hide-regex", "x", "p.py"], "--hide and --hide-regex cannot"),
    "show twice": (["--show", "x", "--show-regex", "x", "p.py"], "--show and --show-regex cannot"),
    "show and all": (["--show", "x", "--show-all", "p.py"], "--show-all and --show cannot be"),
    "bad regex": (["--hide-regex", "(", "p.py"], "--hide-regex '(' is not a regular expression"),
    "unknown option": (["--nothing", "p.py"], "no such option: --nothing"),
    "ambiguous option": (["--h", "p.py"], "ambiguous option: --h ("),
    "missing value": (["-o"], "-o option requires 1 argument"),
    "interval no number": (["-i", "x", "p.py"], "option -i: invalid floating-point value: 'x'"),
    "interval zero": (["-i", "0", "p.py"], "--interval must be from 0.0001 to 10 seconds, not 0"),
    "interval nan": (["-i", "nan", "p.py"], "--interval must be from 0.0001 to 10 seconds"),
    "threads": (["--threads", "4711", "p.py"], "option --threads: invalid choice: '4711'"),
    "engine": (["--engine", "steam", "p.py"], "invalid choice: 'steam' (choose from 'auto', 'safe"),
    "clock": (["--clock", "sun", "p.py"], "option --clock: invalid choice: 'sun'"),
    "clock of a session": (["--clock", "cpu", "-r", "session", "p.py"], "no option 'clock' (--cl"),
    "title": (["--target-description", "{", "p.py"], "--target-description '{': "),
    "renderer": (["-r", "nothing", "p.py"], "there is no renderer 'nothing'; there are: text,"),
    "no renderer": (["-r", "", "p.py"], "there is no renderer ''; there are: text,"),
    "renderer module": (["-r", "no.such.Renderer", "p.py"], "cannot import renderer"),
    "renderer option": (["-p", "nothing=1", "p.py"], "renderer text has no option 'nothing'"),
    "dotted option": (["-p", "nothing.x=1", "p.py"], "renderer text has no option 'nothing'"),
    "renderer value": (["-p", "time=never", "p.py"], "'time' must be one of seconds, percent_of"),
    "timeline of a session": (["-t", "-r", "session", "p.py"], "session has no option 'timeline'"),
    "all of a session": (["--show-all", "-o", "x.pyisession", "p.py"], "no option 'show_all'"),
    "html option": (["-r", "html", "-p", "flat=1", "p.py"], "renderer html has no option 'flat'"),
    "same output": (["-o", "x.txt", "-o", "./x.txt", "p.py"], "-o './x.txt' is given twice"),
    "renderer of two": (["-r", "json", "-o", "a.txt", "-o", "b.json", "p.py"], "-r json does not"),
    "the program": (["-o", "./p.py", "p.py"], "-o './p.py' is the program itself"),
    "no file name": (["-o", "", "p.py"], "-o '' is no file name"),
    "folder": (["-o", ".", "p.py"], "-o '.' is a folder"),
    "no folder": (["-o", "no/x.txt", "p.py"], "-o 'no/x.txt': there is no folder"),
    "load missing": (["--load", "missing.pyisession"], "missing.pyisession"),
    "load garbage": (["--load", "garbage"], "garbage"),
    "load json": (["--load", "report.json"], "is a JSON report"),
    "load prev": (["--load-prev", "nothing"], "--load-prev: no report 'nothing' in "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_options_end_with_a_message_before_the_program_runs(
    command: Command, name: str
) -> None:
    arguments, message = REFUSED[name]
    command.file("p.py", "print('it ran')")
    command.file("garbage", "garbage")
    command.file("report.json", '{"start_time": 1,"root_frame": null}')
    result = command.pyinstrument(*arguments)
    assert message in result.stderr
    assert result.stderr.startswith("pyinstrument: error: ")
    assert "Traceback" not in result.stderr
    assert (result.stdout, result.status) == ("", 2)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_file_and_a_link_to_it_are_the_same_output(command: Command) -> None:
    (command.folder / "link.txt").symlink_to("a.txt")
    result = command.pyinstrument("-o", "a.txt", "-o", "link.txt", "-c", "print('it ran')")
    assert result == ("", "pyinstrument: error: -o 'link.txt' is given twice\n", 2)


@pytest.mark.parametrize(
    "text, message",
    [
        ("[tool.pyinstrument]\ninterval = 99\n", "the setting interval must be"),
        ("[tool.pyinstrument]\nhide-regex = '('\n", "the setting hide-regex '(' is not"),
        ("[tool.pyinstrument]\ntarget-description = '{'\n", "the setting target-description '{'"),
        ("[tool.pyinstrument]\nnothing = 1\n", "unknown setting 'nothing'"),
    ],
)
def test_bad_settings_are_refused_like_options(command: Command, text: str, message: str) -> None:
    if sys.version_info < (3, 11):
        pytest.importorskip("tomli")
    command.file("p.py", "print('it ran')")
    command.file("pyproject.toml", text)
    result = command.pyinstrument("p.py")
    assert message in result.stderr
    assert (result.stdout, result.status) == ("", 2)


def test_without_arguments_the_help_is_printed(command: Command) -> None:
    result = command.pyinstrument()
    assert result == (command.pyinstrument("--help").stdout, "", 2)
    assert result.stdout.startswith("Usage: pyinstrument [options] script [arg ...]\n")


def test_the_help_fits_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in help_text().splitlines() if len(line) > 80] == []


def test_the_version_names_the_interpreter(command: Command) -> None:
    from pyinstrument import __version__

    expected = f"pyinstrument {__version__}, on Python {sys.version.split()[0]}\n"
    assert command.pyinstrument("--version") == (expected, "", 0)


def test_what_has_no_effect_any_more_is_noted_once(command: Command) -> None:
    command.file("p.py", "pass")
    command.environ["PYINSTRUMENT_IGNORE_OVERHEAD_WARNING"] = "1"
    result = command.pyinstrument("--use-timing-thread", "-o", "x.txt", "p.py")
    assert result.stderr.splitlines() == [
        "pyinstrument: note: --use-timing-thread, PYINSTRUMENT_IGNORE_OVERHEAD_WARNING is "
        "deprecated and has no effect: no clock is read for every event any more"
    ]
    assert result.status == 0


def test_options_of_a_run_are_noted_where_nothing_is_run(command: Command) -> None:
    command.file("p.py", "pass")
    command.pyinstrument("-o", "a.pyisession", "p.py")
    unused = ("-i", "0.1", "--threads=all", "--engine=auto", "--target-description", "x")
    result = command.pyinstrument("--load", "a.pyisession", "-o", "a.txt", *unused)
    assert result.stderr.splitlines() == [
        "pyinstrument: warning: no effect together with --load, which runs nothing: "
        "--interval, --threads, --engine, --target-description"
    ]
    assert result.status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no executable bit")
def test_a_script_can_be_looked_for_in_path(command: Command) -> None:
    script = command.file("bin/tool", "import sys; print(sys.argv, __file__)")
    script.chmod(0o755)
    command.environ["PATH"] = str(script.parent)
    result = command.pyinstrument("-o", "x.json", "--from-path", "tool", "x")
    assert result == (f"{[str(script), 'x']} {script}\n", "", 0)


@pytest.mark.parametrize("content", [b"", b"pyisess\n", b"{}", b"[1]", b"\x80\x04N."])
def test_files_that_are_no_session_are_refused_by_name(command: Command, content: bytes) -> None:
    (command.folder / "foreign.pyisession").write_bytes(content)
    result = command.pyinstrument("--load", "foreign.pyisession")
    assert result.stderr.startswith("pyinstrument: error: ")
    assert "foreign.pyisession" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert (result.stdout, result.status) == ("", 2)


def test_a_truncated_session_is_refused(command: Command) -> None:
    command.file("p.py", "pass")
    command.pyinstrument("-o", "whole.pyisession", "p.py")
    whole = (command.folder / "whole.pyisession").read_bytes()
    (command.folder / "half.pyisession").write_bytes(whole[: len(whole) // 2])
    result = command.pyinstrument("--load", "half.pyisession")
    assert result.stderr.startswith("pyinstrument: error: half.pyisession")
    assert (result.stdout, result.status) == ("", 2)


def test_the_engine_is_the_options_or_the_settings(command: Command) -> None:
    command.file("p.py", "pass")
    command.environ["PYINSTRUMENT_ENGINE"] = "reference"
    command.pyinstrument("-o", "set.pyisession", "p.py")
    command.environ["PYINSTRUMENT_ENGINE"] = "safepoint"
    command.pyinstrument("-o", "given.pyisession", "--engine", "reference", "p.py")
    for name in ("set", "given"):
        facts = Session.load(command.folder / f"{name}.pyisession").facts
        assert (facts.engine, facts.engine_reason) == ("reference", "reference was asked for")


def test_the_setting_knows_the_engines_of_the_sampler() -> None:
    for name in ENGINE_NAMES:
        assert read_environment({"PYINSTRUMENT_ENGINE": name}) == {"engine": name}
    with pytest.raises(SettingsError, match=f"it must be one of {', '.join(ENGINE_NAMES)}$"):
        read_environment({"PYINSTRUMENT_ENGINE": "steam"})


def test_with_an_engine_that_cannot_run_the_program_does_not(command: Command) -> None:
    command.file("p.py", "print('it ran')")
    start = (
        "import sys; from pyinstrument.app import main\n"
        "sys.setprofile(lambda *event: None)\nmain(['--engine', 'reference', 'p.py'])"
    )
    result = command.python("-c", start)
    others = available_engines_beside("reference")
    assert result == (
        "",
        "pyinstrument: error: the program cannot be profiled: engine 'reference' is not available: "
        "reference needs the thread's profile function, which is taken (sys.getprofile(): "
        f"function); {others}\n",
        2,
    )


def available_engines_beside(name: str) -> str:
    """As an error tells them where the profile function is taken."""
    engines = [
        other
        for other in available_engines()
        if other != name and other not in ("setprofile", "reference")
    ]
    if not engines:
        return "no other engine is available either"
    return f"use engine='auto' or one of: {', '.join(engines)}"


def test_a_program_that_cannot_be_profiled_is_not_run(command: Command) -> None:
    command.file("p.py", "print('it ran')")
    start = (
        "import sys; from pyinstrument.app import main\n"
        "sys.setprofile(lambda *event: None)\nmain(['--engine', 'setprofile', 'p.py'])"
    )
    result = command.python("-c", start)
    assert result.stderr.startswith("pyinstrument: error: the program cannot be profiled: ")
    assert (result.stdout, result.status) == ("", 2)
