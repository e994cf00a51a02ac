"""Every web example runs as its docstring says, and its report shows what to look for."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest
from support.html_pages import Page
from support.web_clients import Answer, get

from pyinstrument_integrations.profile_folder import ProfileFolder
from pyinstrument_renderers.console import ConsoleRenderer
from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.html.viewer import load_viewer

EXAMPLES = Path(__file__).parents[2] / "examples" / "web"

LOOK_FOR = {
    "aiohttp_app.py": ["make_report", "ask_service", "[await]"],
    "bottle_app.py": ["make_report", "ask_database"],
    "django_app.py": ["make_report", "ask_database"],
    "falcon_app.py": ["make_report", "ask_database"],
    "fastapi_app.py": ["make_report", "ask_database"],
    "flask_app.py": ["make_report", "ask_database"],
    "litestar_app.py": ["make_report", "ask_service", "[await]"],
    "quart_app.py": ["make_report", "[await]"],
    "starlette_app.py": ["make_report", "ask_service", "[await]"],
}
"""Example → parts of its report."""

IN_A_POOL = {"django_app.py", "fastapi_app.py"}
"""Their work is done by threads that were there before, which are seen from Python 3.12 on."""


@pytest.fixture(autouse=True)
def built_viewer() -> None:
    """The reports are HTML."""
    try:
        load_viewer()
    except RendererError:
        pytest.skip("the viewer of HTML reports is not built")


@contextmanager
def running(folder: Path, *command: str) -> Iterator[None]:
    """A server in a process of its own, in an empty folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES), *sys.path])}
    server = subprocess.Popen(
        [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield
    finally:
        server.terminate()
        server.communicate()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def get_when_up(port: int, path: str, attempts: int = 600) -> Answer:
    """Asks until the server listens, for a minute at most."""
    for attempt in range(attempts):
        try:
            return get(port, path)
        except ConnectionError:
            if attempt == attempts - 1:
                raise
            # Nothing tells from outside when a foreign server will listen.
            with socket.socket() as waiting:
                waiting.bind(("127.0.0.1", 0))
                waiting.listen()
                waiting.settimeout(0.1)
                try:
                    waiting.accept()
                except OSError:
                    pass
    raise AssertionError("no attempt was made")


def as_text(answer: Answer) -> str:
    assert (answer.status, answer.content_type) == (200, "text/html; charset=utf-8")
    return ConsoleRenderer(show_all=True).render(Page(answer.text).session)


def test_every_example_is_tried() -> None:
    assert {path.name for path in EXAMPLES.glob("*_app.py")} == set(LOOK_FOR)


@pytest.mark.parametrize("example", sorted(LOOK_FOR))
def test_the_report_of_an_example_shows_what_to_look_for(example: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(example.partition("_")[0]) is None:
        pytest.skip(f"the framework of {example} is not installed")
    if example in IN_A_POOL and sys.version_info < (3, 12):
        pytest.skip("before Python 3.12, threads that run already cannot be watched")
    port = free_port()
    with running(tmp_path, str(EXAMPLES / example), str(port)):
        plain = get_when_up(port, "/report")
        # A machine that is busy elsewhere may take no sample where one is looked for.
        reports = [as_text(get(port, "/report?profile")) for _ in range(3)]
    assert "e: 30000" in plain.text
    missing = [[part for part in LOOK_FOR[example] if part not in text] for text in reports]
    assert [] in missing, reports[0]


def test_django_under_gunicorn_saves_profiles_from_several_processes(tmp_path: Path) -> None:
    if None in (importlib.util.find_spec("django"), importlib.util.find_spec("gunicorn")):
        pytest.skip("gunicorn or Django is not installed")
    port = free_port()
    options = ["--workers", "2", "--threads", "2", "--bind", f"127.0.0.1:{port}"]
    with running(tmp_path, "-m", "gunicorn", *options, "django_app:application"):
        report = get_when_up(port, "/report?profile")
        for _ in range(4):
            get(port, "/async_report")
        index = get(port, "/profiles/")
    assert "make_report" in as_text(report)
    assert index.text.count('<td class="number">') == 2 * 5
    assert len(ProfileFolder(tmp_path / "profiles").profiles()) == 5


def test_the_dependency_of_the_fastapi_example_saves_profiles(tmp_path: Path) -> None:
    if importlib.util.find_spec("fastapi") is None:
        pytest.skip("FastAPI is not installed")
    port = free_port()
    with running(tmp_path, str(EXAMPLES / "fastapi_app.py"), str(port)):
        get_when_up(port, "/saved")
    (saved,) = ProfileFolder(tmp_path / "profiles").profiles()
    page = Page((tmp_path / "profiles" / saved.file_name).read_text(encoding="utf-8"))
    assert "ask_service" in ConsoleRenderer().render(page.session)
