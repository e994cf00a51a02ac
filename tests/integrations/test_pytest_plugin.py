"""The pytest plugin, in real runs of pytest: of its own, with xdist's workers, with event loops."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from textwrap import indent

import pytest
from support import busy
from support.pytest_runs import run_pytest

TESTS = f"""
{indent(busy.SOURCE, "    ")}
    import pytest

    def load():
        be_busy(0.4)

    @pytest.fixture
    def slow():
        be_busy(0.05)

    def test_quick():
        pass

    def test_slow(slow):
        load()

    def test_fails():
        be_busy(0.03)
        assert 0

    class TestGroup:
        @pytest.mark.parametrize("text", ["../../x", "a/b", 'qu"ote', "\\U0001f600", "y" * 4000])
        def test_named(self, text):
            be_busy(0.02)
"""


def test_each_test_is_profiled_and_the_slowest_are_listed(tmp_path: Path) -> None:
    options = ("--pyinstrument-each", "--pyinstrument-slowest=2", "--pyinstrument-slower-than=0")
    run = run_pytest(tmp_path, TESTS, *options)
    assert run.counts == "1 failed, 7 passed"
    assert "2 slowest of 8 profiled tests" in run.output
    assert run.listed()[0] == "test_made_up.py::test_slow"
    assert "test_slow > load > be_busy" in run.output
    folder = tmp_path / ".profiles"
    assert f"reports: {folder / 'index.html'}" in run.output
    reports = sorted(path.name for path in folder.glob("*s test*.html"))
    assert len(reports) == 8
    assert all(len(os.fsencode(name)) <= 255 and not set(name) & set('/\\:"') for name in reports)
    others = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert others == {".profiles", "pytest.ini", "test_made_up.py"}


def test_a_test_that_was_fast_enough_has_no_report(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, TESTS, "--pyinstrument-each", "--pyinstrument-slower-than=0.3")
    assert "8 slowest of 8 profiled tests" in run.output
    (report,) = (tmp_path / ".profiles").glob("*s test*.html")
    assert "test_slow" in report.name


def test_the_session_is_profiled_and_printed(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, TESTS, "--pyinstrument")
    assert run.counts == "1 failed, 7 passed"
    assert "profile by pyinstrument" in run.output
    for part in ("test_slow  test_made_up.py", "load  test_made_up.py", "slow  test_made_up.py"):
        assert part in run.output
    assert not (tmp_path / ".profiles").exists()


@pytest.mark.parametrize("format_name", ["html", "speedscope"])
def test_the_session_is_written_in_any_format(tmp_path: Path, format_name: str) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyinstrument]\nprofile-dir = 'kept'\n")
    run = run_pytest(tmp_path, TESTS, f"--pyinstrument={format_name}", "-k", "slow")
    suffix = "speedscope.json" if format_name == "speedscope" else format_name
    (report,) = (tmp_path / "kept").glob(f"*pytest session*.{suffix}")
    assert f"the report is {report}" in run.output


def test_a_report_of_the_session_that_is_not_kept_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from pyinstrument_integrations.profile_folder import ProfileFolder\n"
        "ProfileFolder.save = lambda *args, **options: None\n"
    )
    run = run_pytest(tmp_path, TESTS, "--pyinstrument=html", "-k", "slow")
    assert "s, no report is kept: the newer ones fill the folder" in run.output


def test_a_worker_of_xdist_has_a_report_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    run = run_pytest(tmp_path, TESTS, "-n2", "--pyinstrument=html", plugins=("xdist",))
    assert run.counts == "1 failed, 7 passed"
    assert run.output.index("worker gw0") < run.output.index("worker gw1")
    assert len(list((tmp_path / ".profiles").glob("*pytest session gw[01]*.html"))) == 2


def test_the_controller_of_xdist_lists_tests_of_all_workers(tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    options = ("-n2", "--pyinstrument-each", "--pyinstrument-slower-than=0")
    run = run_pytest(tmp_path, TESTS, *options, plugins=("xdist",))
    assert run.counts == "1 failed, 7 passed"
    assert "8 slowest of 8 profiled tests" in run.output
    assert run.listed()[0] == "test_made_up.py::test_slow"
    assert len(list((tmp_path / ".profiles").glob("*.html"))) == 8 + 1  # the index


ASYNC_TESTS = """
    import asyncio
    import pytest

    async def fetch():
        await asyncio.sleep(0.15)

    @pytest.mark.{mark}
    async def test_fetches():
        await fetch()

    @pytest.mark.{mark}
    @pytest.mark.time_budget("1ms", frame="test_made_up.fetch")
    async def test_over_budget():
        await fetch()

    @pytest.fixture(scope="module")
    def anyio_backend():
        return "asyncio"
"""


@pytest.mark.parametrize(
    ("mark", "module"), [("asyncio", "pytest_asyncio.plugin"), ("anyio", "anyio.pytest_plugin")]
)
def test_coroutines_are_profiled_with_what_they_await(
    tmp_path: Path, mark: str, module: str
) -> None:
    pytest.importorskip(module)
    source = ASYNC_TESTS.replace("{mark}", mark)
    run = run_pytest(tmp_path, source, "--pyinstrument-each", plugins=(module,))
    assert run.counts == "1 failed, 1 passed"
    assert "test_made_up.py::test_fetches" in run.listed()
    assert mark == "anyio" or "test_fetches > fetch > sleep" in run.output
    assert "calls of 'test_made_up.fetch' took" in run.output


BUDGETS = """
    import time
    import pytest

    def query():
        time.sleep(0.05)

    def report():
        query()

    @pytest.mark.time_budget("10s")
    def test_within():
        report()

    @pytest.mark.time_budget("20ms")
    def test_over():
        report()

    @pytest.mark.time_budget("20ms", frame="test_made_up.que*")
    def test_frame_over():
        report()

    @pytest.mark.time_budget("40ms", frame="nothing.*")
    def test_other_frame():
        report()

    @pytest.mark.time_budget("20ms")
    def test_own_failure_comes_first():
        report()
        raise KeyError("mine")

    @pytest.mark.time_budget("soon")
    def test_wrong():
        pass

    @pytest.mark.time_budget
    def test_nothing_given():
        pass
"""


CLOSEST = """
    import time
    import pytest

    pytestmark = pytest.mark.time_budget("1ms")

    @pytest.mark.time_budget("60s")
    def test_has_its_own():
        time.sleep(0.01)

    @pytest.mark.time_budget("60s", frame="test_made_up.*")
    def test_of_a_frame_has_both():
        time.sleep(0.01)
"""


def test_the_closest_budget_counts(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, CLOSEST)
    assert run.counts == "1 failed, 1 passed"
    assert "FAILED test_made_up.py::test_of_a_frame_has_both" in run.output


def test_a_test_over_its_budget_fails_and_shows_the_slow_part(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, BUDGETS, "--strict-markers")
    assert run.counts == "3 failed, 2 passed, 2 errors"
    assert re.search(r"over its time budget: took [\d.]+ s, the budget is 20 ms", run.output)
    assert "calls of 'test_made_up.que*' took" in run.output
    assert re.search(r"`- [\d.]+ time.sleep  <built-in>", run.output)
    assert "KeyError: 'mine'" in run.output
    assert "a time budget is like '200ms', '1.5s' or '2min'" in run.output
    assert "it takes a budget and frame=, not nothing" in run.output


def test_nothing_of_ours_is_imported_where_it_is_not_asked_for(tmp_path: Path) -> None:
    source = """
        import sys

        def test_modules():
            ours = [name for name in sys.modules if name.startswith("pyinstrument")]
            assert sorted(ours) == [
                "pyinstrument_integrations", "pyinstrument_integrations.pytest_plugin"
            ]
    """
    assert run_pytest(tmp_path, source).counts == "1 passed"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pyinstrument=steam"], "--pyinstrument steam: there is no renderer 'steam'"),
        (["--pyinstrument", "test_made_up.py"], "that is a file or folder, not a format"),
        (["--pyinstrument", "--pyinstrument-slowest=-1"], "--pyinstrument-slowest must be"),
        (["--pyinstrument-each", "--pyinstrument-slower-than=nan"], "must be a number from 0"),
    ],
)
def test_wrong_options_are_told_before_any_test(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    run = run_pytest(tmp_path, TESTS, *arguments)
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert message in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize("arguments", [["--pyinstrument"], ["--pyinstrument=console"]])
def test_a_folder_that_is_called_like_a_format_is_in_nobodys_way(
    tmp_path: Path, arguments: list[str]
) -> None:
    for name in ("text", "html", "console"):
        (tmp_path / name).mkdir()
    run = run_pytest(tmp_path, TESTS, *arguments, "-k", "slow")
    assert run.counts.startswith("1 passed")
    assert "profile by pyinstrument" in run.output


def test_a_folder_is_below_the_one_where_pytest_was_started(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    source = "def test_passes():\n    import time\n    time.sleep(0.02)\n"
    run = run_pytest(below, source, "--pyinstrument-each", "--pyinstrument-dir=out", "--rootdir=..")
    assert f"reports: {below / 'out' / 'index.html'}" in run.output
    run = run_pytest(below, source, "--pyinstrument-each", "--rootdir=..")
    assert f"reports: {tmp_path / '.profiles' / 'index.html'}" in run.output


def test_wrong_settings_are_told_before_any_test(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyinstrument]\ninterval = 'often'\n")
    run = run_pytest(tmp_path, TESTS, "--pyinstrument")
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "interval = 'often': it must be a number" in run.output


def test_the_engine_is_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYINSTRUMENT_ENGINE", "reference")
    run = run_pytest(tmp_path, TESTS, "--pyinstrument", "-k", "slow")
    assert run.counts.startswith("1 passed")
    assert "reference was asked for" in run.output


@pytest.mark.parametrize("asked", ["--pyinstrument", "--pyinstrument-each"])
def test_an_engine_that_cannot_run_is_told_before_any_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    (tmp_path / "other.py").write_text("import sys\nsys.setprofile(lambda *event: None)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYINSTRUMENT_ENGINE", "reference")
    run = run_pytest(tmp_path, TESTS, "-p", "other", asked)
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "pyinstrument: engine 'reference' is not available: reference needs the" in run.output


def test_a_folder_that_cannot_be_written_to_fails_no_test(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    source = "def test_passes():\n    import time\n    time.sleep(0.02)\n"
    for mode in ("--pyinstrument-each", "--pyinstrument=html"):
        run = run_pytest(tmp_path, source, mode, "--pyinstrument-dir=file/below")
        assert run.counts == "1 passed"
        assert "no report: cannot save a profile in" in run.output


def test_it_works_beside_another_profiler(tmp_path: Path) -> None:
    source = """
        import pytest
        from pyinstrument_model import Recorder

        @pytest.mark.time_budget("10s")
        def test_profiles_itself():
            with Recorder() as recorder:
                sum(range(1000))
            assert recorder.last_session is not None
    """
    assert run_pytest(tmp_path, source, "--pyinstrument-each").counts == "1 passed"


def test_pytest_finds_the_plugin_by_its_entry_point(tmp_path: Path) -> None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    project = Path(__file__).parents[2] / "packages/integrations/pyproject.toml"
    points = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]
    assert points["pytest11"] == {"pyinstrument": "pyinstrument_integrations.pytest_plugin"}
