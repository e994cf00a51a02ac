"""``%pyinstrument`` and ``%%pyinstrument``, in a real kernel and in a terminal's IPython."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ipykernel")
pytest.importorskip("nbclient")

from support import busy
from support.notebooks import Cell, execute, new_notebook, run_notebook

LOAD = f"""\
%load_ext pyinstrument
import asyncio
{busy.SOURCE}
def spin():
    be_busy()
    return 42

async def fetch():
    await asyncio.sleep(0.05)
    spin()
    return "fetched"
"""

CELLS = {
    "load": LOAD,
    "line": "%pyinstrument spin()",
    "line with options": "%pyinstrument --interval 0.0005 -p time=percent_of_total -r text spin()",
    "assigned": "value = %pyinstrument spin()\nprint(value)",
    "cell": "%%pyinstrument\nfirst = spin()\nfirst + 1",
    "braces": '%%pyinstrument\nfirst = 2\nprint("{first} $first", f"{first}")',
    "display options": "%%pyinstrument --show-all --timeline --hide '*/vendor/*' --height 600 "
    "-p processor_options.filter_threshold=0 --clock cpu\nspin()",
    "old timeline": "%%pyinstrument --timeline False\nspin()",
    "awaiting": "%%pyinstrument -r text\nanswer = await fetch()\nanswer",
    "awaiting line": "awaited = %pyinstrument await fetch()\nprint(awaited)",
    "same loop": "%%pyinstrument -r text\nimport threading\n"
    "(threading.current_thread() is threading.main_thread(), asyncio.get_running_loop() is loop)",
    "outfile": "%pyinstrument -o 'my run.speedscope.json' spin()",
    "nothing": "%pyinstrument",
    "semicolon": "%%pyinstrument\nspin();",
    "semicolon and comment": "%%pyinstrument\nspin();  # quiet",
    "semicolon in a comment": "%%pyinstrument\nspin()  # loud;",
    "nested": "%%time\n%pyinstrument -r text spin()",
    "unicode": "é = 'ß'; x = 1\nvalue = %pyinstrument -r text await fetch()\n",
    "two at once": "%%pyinstrument -r text\n%pyinstrument -r text spin()\n",
    "help": "%pyinstrument --help",
    "engine": "%pyinstrument --engine reference -r text spin()",
}

FAILING = {
    "load": LOAD,
    "raises": "%%pyinstrument -r text\nspin()\n1 / 0",
    "raises later": "%%pyinstrument -r text\nawait fetch()\n1 / 0",
    "unknown option": "%pyinstrument --nope spin()",
    "negative code": "%pyinstrument -r text -- -spin()",
    "code beside cell": "%%pyinstrument spin()\nspin()",
    "bad interval": "%pyinstrument --interval 0 spin()",
    "bad engine": "%pyinstrument --engine steam spin()",
    "bad renderer": "%pyinstrument -r nothing spin()",
    "binary": "%pyinstrument -r pstats spin()",
    "no folder": "%pyinstrument -o nowhere/x.html spin()",
    "bad syntax": "%%pyinstrument\nx = = 1",
    "interrupted": "%%pyinstrument -r text\nspin()\nimport signal\n"
    "signal.raise_signal(signal.SIGINT)\ntime.sleep(10)",
    "still works": "%pyinstrument -r text spin()",
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cell]:
    """One kernel runs them all: starting one takes a second."""
    folder = tmp_path_factory.mktemp("notebook")
    sources = dict(CELLS)
    sources["same loop"] = sources["same loop"].replace("is loop", "is not None")
    return dict(zip(CELLS, run_notebook(folder, *sources.values())))


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cell]:
    folder = tmp_path_factory.mktemp("notebook")
    return dict(zip(FAILING, run_notebook(folder, *FAILING.values(), may_fail=True)))


def functions(report: str) -> list[str]:
    """Functions of a text report, top down."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", report)
    return re.findall(r"^[│├└─ ]*[\d.]+%? (\S+)", text, re.MULTILINE)


def test_a_line_is_profiled_and_its_value_shown(cells: dict[str, Cell]) -> None:
    assert cells["line"].value == "42"
    assert "Line in cell [2]" in cells["line"].display["text/plain"]
    assert functions(cells["line"].display["text/plain"])[:2] == ["<module>", "spin"]


def test_options_of_a_line_are_not_run_as_code(cells: dict[str, Cell]) -> None:
    report = cells["line with options"]
    assert report.value == "42"
    assert "100.0% <module>" in re.sub(r"\x1b\[[0-9;]*m", "", report.stdout).replace("\n", " ")
    assert "500 us" in report.stdout


def test_a_line_may_say_how_to_sample(cells: dict[str, Cell]) -> None:
    assert "reference was asked for" in cells["engine"].stdout


def test_the_value_of_a_line_can_be_assigned(cells: dict[str, Cell]) -> None:
    assert cells["assigned"].stdout == "42\n"


def test_a_cell_is_profiled_and_its_names_stay(cells: dict[str, Cell]) -> None:
    assert cells["cell"].value == "43"
    assert "Cell [5]" in cells["cell"].display["text/plain"]


def test_code_is_run_as_it_is_typed(cells: dict[str, Cell]) -> None:
    assert cells["braces"].stdout == "{first} $first 2\n"


def test_a_page_starts_as_the_options_say(cells: dict[str, Cell]) -> None:
    assert cells["cell"].page_start == {}
    start = cells["display options"].page_start
    assert start.pop("hide_regex").replace("\\", "")
    assert start == {"view": "timeline", "clock": "cpu", "show_all": True, "filter_threshold": 0}
    assert "height: 600px" in cells["display options"].display["text/html"]
    assert "height: 400px" in cells["cell"].display["text/html"]


def test_a_flag_that_is_set_to_false_is_off(cells: dict[str, Cell]) -> None:
    assert cells["old timeline"].page_start == {}


def test_the_page_is_in_a_frame_that_can_reach_nothing(cells: dict[str, Cell]) -> None:
    frame = cells["cell"].display["text/html"]
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts allow-downloads allow-popups"' in frame
    assert "<script>" in cells["cell"].page


def test_awaiting_code_runs_in_the_loop_that_is_running(cells: dict[str, Cell]) -> None:
    assert cells["awaiting"].value == "'fetched'"
    assert set(functions(cells["awaiting"].stdout)) >= {"<module>", "fetch", "sleep", "[await]"}
    assert cells["awaiting line"].stdout == "fetched\n"
    assert cells["same loop"].value == "(True, True)"
    assert cells["unicode"].error is None


def test_a_report_goes_to_a_file(cells: dict[str, Cell]) -> None:
    said = cells["outfile"].stdout
    assert said.startswith("The report of Line in cell [12] is in ")
    path = said.partition(" is in ")[2].strip()
    assert os.path.basename(path) == "my run.speedscope.json"
    with open(path, encoding="utf-8") as file:
        assert "speedscope" in json.load(file)["$schema"]


def test_nothing_is_done_for_nothing(cells: dict[str, Cell]) -> None:
    assert list(cells["nothing"].outputs) == []


def test_a_semicolon_keeps_the_value_away(cells: dict[str, Cell]) -> None:
    assert cells["semicolon"].value is None
    assert cells["semicolon and comment"].value is None
    assert cells["semicolon in a comment"].value == "42"


def test_magics_may_be_inside_of_each_other(cells: dict[str, Cell]) -> None:
    assert "spin" in cells["nested"].stdout
    assert cells["two at once"].stdout.count("Duration") == 2


def test_the_options_are_told(cells: dict[str, Cell]) -> None:
    assert "--render-option" in cells["help"].stdout


def test_an_exception_is_the_codes_own_and_the_report_is_shown(failing: dict[str, Cell]) -> None:
    for name in ("raises", "raises later"):
        cell = failing[name]
        assert cell.error == ("ZeroDivisionError", "division by zero")
        assert "spin" in cell.stdout
        assert "pyinstrument_integrations" not in cell.traceback


def test_an_interrupt_ends_the_cell_with_one_traceback_and_a_report(
    failing: dict[str, Cell],
) -> None:
    cell = failing["interrupted"]
    assert cell.error == ("KeyboardInterrupt", "")
    assert cell.traceback.count("Traceback (most recent call last)") == 1
    assert "spin" in cell.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("unknown option", "unknown option '--nope'"),
        ("code beside cell", "unexpected 'spin()' behind %%pyinstrument"),
        ("bad interval", "interval must be a number of seconds above 0"),
        ("bad engine", "engine must be one of auto, safepoint, monitoring, setprofile, reference"),
        ("bad renderer", "there is no renderer 'nothing'"),
        ("binary", "renderer 'pstats' writes binary data"),
        ("no folder", "there is no folder"),
    ],
)
def test_wrong_options_are_told_in_a_line(
    failing: dict[str, Cell], name: str, message: str
) -> None:
    said = failing[name].stderr or " ".join(failing[name].error or ())
    assert message in said
    assert "Traceback" not in said


def test_code_may_begin_with_a_minus(failing: dict[str, Cell]) -> None:
    assert failing["negative code"].value == "-42"


def test_bad_syntax_is_a_syntax_error_and_nothing_is_left_behind(failing: dict[str, Cell]) -> None:
    assert (failing["bad syntax"].error or ("",))[0] == "SyntaxError"
    assert failing["still works"].value == "42"


def test_a_notebook_converts_to_html_with_its_reports(tmp_path: Path) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    notebook = execute(new_notebook(LOAD, "%pyinstrument spin()"), tmp_path)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    (report,) = re.findall(r'srcdoc="([^"]*)"', page)
    # To the letter, or the page's own policy would not let its script run.
    assert html.unescape(report) == Cell(notebook.cells[1].outputs).page


def test_a_terminal_gets_the_console_report(tmp_path: Path) -> None:
    program = LOAD + "%pyinstrument spin()\n%pyinstrument await fetch()\n"
    (tmp_path / "run.ipy").write_text(program)
    command = [sys.executable, "-m", "IPython", "--ext=pyinstrument", "--no-banner", "run.ipy"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Line in cell") == 2
    assert "<iframe" not in done.stdout
    assert {"spin", "fetch", "[await]"} <= set(functions(done.stdout))


def test_the_error_names_the_extra_where_ipython_is_missing() -> None:
    program = (
        "import sys\nsys.modules['IPython'] = None\n"
        "import pyinstrument\ntry:\n    pyinstrument.load_ipython_extension(None)\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert "pip install 'pyinstrument[ipython]'" in done.stdout
