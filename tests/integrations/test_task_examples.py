"""Every example of notebooks, tests, tasks and signals runs, and shows what it is for."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.html_pages import Page

from pyinstrument_integrations.profile_folder import ProfileFolder
from pyinstrument_renderers.console import ConsoleRenderer

EXAMPLES = Path(__file__).parents[2] / "examples" / "tasks"


def environment(**variables: str) -> dict[str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("PYINSTRUMENT")}
    return {**plain, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}


def run(example: str, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(EXAMPLES / example), *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def reports(folder: Path) -> str:
    """All saved pages as text."""
    profiles = ProfileFolder(folder).profiles()
    pages = [Page((folder / one.file_name).read_text(encoding="utf-8")) for one in profiles]
    return "\n".join(ConsoleRenderer().render(page.session) for page in pages)


def test_every_example_is_tried() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == {
        "celery_app.py",
        "notebook.ipynb",
        "on_signal.py",
        "test_prices.py",
        "worker.py",
    }


def test_worker(tmp_path: Path) -> None:
    assert run("worker.py", tmp_path, "profiles") == "tasks done\n"
    names = [profile.name for profile in ProfileFolder(tmp_path / "profiles").profiles()]
    assert sorted(names) == ["__main__.notify", "resize cat.png", "resize dog.png"]
    assert "resize  " in reports(tmp_path / "profiles")


def test_celery_app(tmp_path: Path) -> None:
    pytest.importorskip("celery")
    assert run("celery_app.py", tmp_path, "profiles") == "primes: 239\n"
    assert "count_primes  " in reports(tmp_path / "profiles")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user signals")
def test_on_signal(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(EXAMPLES / "on_signal.py"), "profiles"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = process.stdout
        assert any(f"kill -USR1 {process.pid}" in line for line in lines)
        process.send_signal(signal.SIGUSR1)
        assert any("profiling process" in line for line in lines)
        # The first may have begun before; the second one is profiled from its beginning to its end.
        assert all("refreshed" in lines.readline() for _ in range(2))
        process.send_signal(signal.SIGUSR1)
        assert any(" saved to " in line for line in lines)
        process.communicate("\n", timeout=20)
    assert process.returncode == 0
    assert "refresh_cache  " in reports(tmp_path / "profiles")


def test_prices(tmp_path: Path) -> None:
    plugins = ["-p", "pyinstrument_integrations.pytest_plugin", "-p", "no:cacheprovider"]
    options = ["--pyinstrument-each", f"--pyinstrument-dir={tmp_path}", f"--rootdir={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options, str(EXAMPLES / "test_prices.py")],
        cwd=tmp_path,
        env=environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert "1 failed, 1 passed" in done.stdout
    assert "> price_of > ask_database > time.sleep" in done.stdout
    assert "calls of 'test_prices.ask_database' took" in done.stdout


def test_notebook(tmp_path: Path) -> None:
    pytest.importorskip("ipykernel")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    from support.notebooks import Cell, execute

    notebook = execute(nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4), tmp_path)
    cells = [Cell(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    assert "harmonic" in cells[2].display["text/plain"]
    assert re.search(r"100\.0%.*<module>", cells[3].stdout)
    assert "fetch" in cells[4].display["text/plain"]
