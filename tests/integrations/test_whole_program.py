"""``PYINSTRUMENT=1 python program.py``, in a real environment with its activation on and off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest
from support import busy
from support.html_pages import Page

PROGRAM = f"""\
import atexit, json, sys

def spin():
    be_busy()

{busy.SOURCE}
atexit.register(print, "last words")
spin()
print("output", len(sys.argv))
if "raise" in sys.argv:
    raise KeyError("mine")
if "exit" in sys.argv:
    sys.exit(3)
"""


class Environment:
    """A virtual environment in which programs are run in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "env", with_pip=False, symlinks=os.name != "nt")
        scripts = "Scripts" if os.name == "nt" else "bin"
        self.python = str(folder / "env" / scripts / "python")
        (folder / "program.py").write_text(PROGRAM)
        assert self.run("-m", "pyinstrument_integrations.activation", "on").returncode == 0

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def variables(self, **variables: str) -> dict[str, str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith("PYINSTRUMENT")}
        path = os.pathsep.join(filter(None, sys.path))
        return {**plain, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **variables}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("activated"))


@pytest.mark.parametrize("ending", ["end", "raise", "exit"])
def test_a_program_is_itself_and_the_report_follows_on_stderr(
    environment: Environment, ending: str
) -> None:
    plain = environment.run("program.py", ending)
    profiled = environment.run("program.py", ending, PYINSTRUMENT="1")
    assert (profiled.returncode, profiled.stdout) == (plain.returncode, plain.stdout)
    assert plain.stdout.endswith("last words\n")
    assert profiled.stderr.startswith(plain.stderr)
    report = profiled.stderr[len(plain.stderr) :]
    assert report.count("Recorded:") == 1
    assert "spin  program.py:3" in report


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows no status tells of a signal")
def test_a_program_that_is_interrupted_ends_by_the_signal(environment: Environment) -> None:
    (environment.folder / "interrupted.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(10)\n"
    )
    run = environment.run("interrupted.py", PYINSTRUMENT="1")
    assert run.returncode == environment.run("interrupted.py").returncode == -signal.SIGINT
    assert "Recorded:" in run.stderr


@pytest.mark.parametrize("value", ["", "0", "no"])
def test_nothing_happens_where_it_is_not_wanted(environment: Environment, value: str) -> None:
    assert environment.run("program.py", PYINSTRUMENT=value).stderr == ""


def test_nothing_is_imported_where_the_variable_is_not_set(environment: Environment) -> None:
    listed = "import sys; print([name for name in sys.modules if 'pyinstrument' in name])"
    assert environment.run("-c", listed).stdout == "[]\n"


def test_a_folder_takes_the_report_and_the_output_is_untouched(environment: Environment) -> None:
    run = environment.run("program.py", PYINSTRUMENT="1", PYINSTRUMENT_PROFILE_DIR="kept")
    assert run.stderr == ""
    folder = environment.folder / "kept"
    assert len(list(folder.glob("*program.py*.html"))) == 1
    assert (folder / "index.html").is_file()


def test_a_program_beside_modules_with_names_of_ours_is_reported(
    environment: Environment, tmp_path: Path
) -> None:
    for name in ("rich", "html", "gzip"):
        (tmp_path / f"{name}.py").write_text("mine = True\n")
    (tmp_path / "main.py").write_text("import gzip, rich, html\nprint(gzip.mine)\n")
    run = environment.run(str(tmp_path / "main.py"), PYINSTRUMENT="1", FORCE_COLOR="1")
    assert (run.returncode, run.stdout) == (0, "True\n")
    assert "Recorded:" in run.stderr


def test_children_report_for_themselves_and_helpers_not_at_all(environment: Environment) -> None:
    (environment.folder / "pool.py").write_text(
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    process = multiprocessing.Process(target=print, args=('child',))\n"
        "    process.start()\n"
        "    process.join()\n"
    )
    run = environment.run("pool.py", PYINSTRUMENT="1")
    assert (run.returncode, run.stdout) == (0, "child\n")
    assert run.stderr.count("Recorded:") == 2


def test_a_forked_child_has_no_report(environment: Environment) -> None:
    program = "import os, sys\nif os.fork() == 0:\n    sys.exit(0)\nos.wait()\n"
    if not hasattr(os, "fork"):
        pytest.skip("the platform has no fork")
    (environment.folder / "forks.py").write_text(program)
    assert environment.run("forks.py", PYINSTRUMENT="1").stderr.count("Recorded:") == 1


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PYINSTRUMENT_INTERVAL": "often"}, "it must be a number"),
        ({"PYINSTRUMENT_INTERVAL": "-1"}, "interval must be a number of seconds above 0"),
        ({"PYINSTRUMENT_ENGINE": "steam"}, "it must be one of auto, safepoint,"),
        ({"PYINSTRUMENT_SIGNAL": "SIGNOTHING"}, "there is no signal 'SIGNOTHING'"),
    ],
)
def test_wrong_settings_are_told_in_a_line_and_the_program_runs(
    environment: Environment, variables: dict[str, str], message: str
) -> None:
    run = environment.run("program.py", PYINSTRUMENT="1", **variables)
    assert (run.returncode, run.stdout) == (0, "output 1\nlast words\n")
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_engine_is_that_of_the_settings(environment: Environment) -> None:
    run = environment.run("program.py", PYINSTRUMENT="1", PYINSTRUMENT_ENGINE="reference")
    assert "reference was asked for" in run.stderr


def test_a_folder_that_cannot_be_written_to_is_told_and_nothing_else_changes(
    environment: Environment,
) -> None:
    run = environment.run(
        "program.py", "exit", PYINSTRUMENT="1", PYINSTRUMENT_PROFILE_DIR="program.py"
    )
    assert (run.returncode, run.stdout) == (3, "output 2\nlast words\n")
    assert run.stderr.startswith("pyinstrument: no report: cannot save a profile in ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user signals")
def test_a_signal_toggles_a_profile(environment: Environment) -> None:
    program = "print('up', flush=True)\ninput()\nprint('answered', flush=True)\ninput()\n"
    process = subprocess.Popen(
        [environment.python, "-c", program],
        cwd=environment.folder,
        env=environment.variables(PYINSTRUMENT_SIGNAL="USR1", PYINSTRUMENT_PROFILE_DIR="signal"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGUSR1)
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "answered\n"
        process.send_signal(signal.SIGUSR1)
        folder = environment.folder / "signal"
        deadline = time.monotonic() + 20
        while not list(folder.glob("*.html")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.stdin.write("\n")
    assert process.returncode == 0
    assert (folder / "index.html").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user signals")
def test_a_profile_by_signal_follows_the_settings_of_the_project(
    environment: Environment, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pyinstrument]\nsource = false\nprofile-dir = 'kept'\n"
    )
    (tmp_path / "main.py").write_text(
        f"import os, signal\n{busy.SOURCE}"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "be_busy()\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
    )
    for renderer in ("html", "speedscope"):
        variables = environment.variables(
            PYINSTRUMENT_SIGNAL="USR1",
            PYINSTRUMENT_RENDERER=renderer,
            PYINSTRUMENT_ENGINE="reference",
        )
        subprocess.run(
            [environment.python, "main.py"], cwd=tmp_path, env=variables, check=True, timeout=60
        )
    (page,) = (tmp_path / "kept").glob("*process*.html")
    session = Page(page.read_text(encoding="utf-8")).session
    assert (session.sources, session.facts.engine) == ({}, "reference")
    assert len(list((tmp_path / "kept").glob("*.speedscope.json"))) == 1


def test_it_is_switched_off_again(tmp_path: Path) -> None:
    environment = Environment(tmp_path)
    command = ("-m", "pyinstrument_integrations.activation")
    assert environment.run(*command, "status").stdout.startswith("on, by ")
    assert environment.run(*command, "off").stdout.startswith("off, removed ")
    assert environment.run(*command, "status").stdout == "off\n"
    assert environment.run("program.py", PYINSTRUMENT="1").stderr == ""
    assert environment.run(*command, "maybe").returncode == 2
