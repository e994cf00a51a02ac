"""Celery's tasks are profiled by its signals, in a real worker with a broker in memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Iterator

import pytest

pytest.importorskip("celery")
from celery import Celery, signals
from celery.contrib.testing.worker import start_worker
from support.busy import be_busy

from pyinstrument_integrations.celery import CeleryProfiler, profile_tasks
from pyinstrument_integrations.errors import InvalidSettingError

pytestmark = pytest.mark.filterwarnings("ignore")  # Celery's own, of its versions and Python's

app = Celery("under_test", broker="memory://", backend="cache+memory://")
app.conf.update(task_always_eager=False)


@signals.setup_logging.connect  # type: ignore[untyped-decorator, unused-ignore]
def leave_logging_alone(**settings: Any) -> None:
    """Else a worker silences the root logger, for the tests that follow in the process too."""


def spin() -> None:
    be_busy()


@app.task(name="app.add")  # type: ignore[untyped-decorator, unused-ignore]  # Celery has no types
def add(left: int, right: int) -> int:
    spin()
    return left + right


@app.task(name="app.fail")  # type: ignore[untyped-decorator, unused-ignore]
def fail() -> None:
    spin()
    raise KeyError("mine")


@pytest.fixture(scope="module")
def worker() -> Iterator[Any]:
    """Runs tasks in another thread of this process."""
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30) as running:
        yield running


@pytest.fixture
def profiled(tmp_path: Path) -> Iterator[CeleryProfiler]:
    found = profile_tasks(tmp_path, renderer="text")
    yield found
    found.disconnect()


def wait_for(profiler: CeleryProfiler, count: int) -> list[tuple[str, str]]:
    """Name and status of what was saved; a result may come before its task's last signal."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = profiler.profiler.folder.profiles()
        if len(found) >= count:
            return sorted((profile.name, profile.status) for profile in found)
        time.sleep(0.01)
    raise AssertionError(f"no {count} profiles")


def test_each_task_leaves_a_report(worker: Any, profiled: CeleryProfiler, tmp_path: Path) -> None:
    assert add.delay(1, 2).get(timeout=20) == 3
    with pytest.raises(KeyError):
        fail.delay().get(timeout=20)
    assert wait_for(profiled, 2) == [("app.add", ""), ("app.fail", "FAILURE")]
    (report,) = tmp_path.glob("*app.add*.txt")
    text = report.read_text(encoding="utf-8")
    assert "task app.add" in text
    assert "add  " in text and "spin" in text
    assert "CeleryProfiler" not in text


def test_a_function_chooses_by_the_task(worker: Any, tmp_path: Path) -> None:
    found = profile_tasks(tmp_path, when=lambda task: task.name == "app.fail")
    try:
        add.delay(1, 2).get(timeout=20)
        with pytest.raises(KeyError):
            fail.delay().get(timeout=20)
        assert wait_for(found, 1) == [("app.fail", "FAILURE")]
    finally:
        found.disconnect()


def test_nothing_is_profiled_after_disconnecting(worker: Any, tmp_path: Path) -> None:
    profile_tasks(tmp_path).disconnect()
    assert add.delay(1, 2).get(timeout=20) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_task_that_is_called_in_place_is_profiled_too(
    profiled: CeleryProfiler, tmp_path: Path
) -> None:
    assert add.apply((1, 2)).get() == 3
    assert wait_for(profiled, 1) == [("app.add", "")]


def test_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="slower_than must be a number"):
        profile_tasks(tmp_path, slower_than=-1)
