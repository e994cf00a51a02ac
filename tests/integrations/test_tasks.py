"""Profiles of tasks in any worker: a context manager, a decorator, and what may go wrong."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any, AsyncIterator, Iterator

import pytest
from support.busy import be_busy
from support.report_threads import wait_for_reports

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.profile_folder import ProfileFolder
from pyinstrument_integrations.saved_profile import SavedProfile
from pyinstrument_integrations.task_profiler import TaskProfiler


def work() -> str:
    be_busy()
    return "done"


def saved(folder: Path) -> list[SavedProfile]:
    wait_for_reports()
    return ProfileFolder(folder).profiles()


def report_of(folder: Path) -> str:
    (profile,) = saved(folder)
    return (folder / profile.file_name).read_text(encoding="utf-8")


def test_a_task_leaves_a_report_that_begins_with_it(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path, renderer="text")
    with profiler.task("import users"):
        work()
    assert "task import users" in report_of(tmp_path)
    assert "work  " in report_of(tmp_path)
    assert "TaskRun" not in report_of(tmp_path)


def test_each_call_of_a_decorated_function_is_a_task(tmp_path: Path) -> None:
    @TaskProfiler(tmp_path, renderer="text")
    def job(count: int) -> str:
        """Its own."""
        return work() * count

    assert job(2) == "donedone"
    assert job.__doc__ == "Its own."
    assert saved(tmp_path)[0].name.endswith("<locals>.job")


def generator() -> Iterator[int]:
    yield 1


async def asynchronous_generator() -> AsyncIterator[int]:
    yield 1


class Caller:
    """An object that is called, and runs a method of its class."""

    def __call__(self) -> str:
        return work()


class GeneratorCaller:
    def __call__(self) -> Iterator[int]:
        yield 1


class CoroutineCaller:
    async def __call__(self) -> str:
        await asyncio.sleep(0)
        return work()


@pytest.mark.parametrize(
    ("decorated", "message"),
    [
        (GeneratorCaller(), "makes a generator, whose code runs later"),
        (partial(GeneratorCaller()), "makes a generator, whose code runs later"),
        (partial(generator), "makes a generator, whose code runs later"),
        (staticmethod(work), "put it below @staticmethod, @classmethod"),
        (generator, "makes a generator, whose code runs later"),
        (asynchronous_generator, "makes a generator, whose code runs later"),
        (None, "decorates a function, not None"),
        (int, "decorates a function, not <class 'int'>"),
        (property(), "put it below @staticmethod, @classmethod"),
    ],
)
def test_what_has_no_call_to_profile_is_refused(
    tmp_path: Path, decorated: Any, message: str
) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        TaskProfiler(tmp_path)(decorated)


def test_an_object_that_is_called_is_profiled_as_what_it_runs(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path, renderer="text")
    assert profiler(Caller())() == "done"
    assert "work  " in report_of(tmp_path)


def test_an_object_whose_call_is_awaited_is_profiled_until_it_ends(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path, renderer="text")
    assert asyncio.run(profiler(CoroutineCaller())()) == "done"
    assert "work  " in report_of(tmp_path)


def test_a_task_is_one_of_its_route_or_else_of_its_name(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path)
    for name, route in (("a", None), ("b", ""), ("c", "letters")):
        with profiler.task(name, route=route):
            work()
    routes = sorted((profile.name, profile.route) for profile in saved(tmp_path))
    assert routes == [("a", "a"), ("b", "b"), ("c", "letters")]


def test_a_task_may_be_called_by_a_number(tmp_path: Path) -> None:
    with TaskProfiler(tmp_path).task(7):  # type: ignore[arg-type]  # as a hurried user does
        work()
    assert [profile.name for profile in saved(tmp_path)] == ["7"]


def test_a_coroutine_function_is_profiled_with_what_it_awaits(tmp_path: Path) -> None:
    @TaskProfiler(tmp_path, renderer="text")
    async def job() -> str:
        await asyncio.sleep(0.02)
        return work()

    async def both() -> tuple[str, str]:
        return await asyncio.gather(job(), job())

    assert list(asyncio.run(both())) == ["done", "done"]
    first, second = saved(tmp_path)
    assert first.name == second.name
    report = (tmp_path / first.file_name).read_text(encoding="utf-8")
    assert "[await]" in report and "work" in report


def test_a_task_that_raises_is_saved_as_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyError), TaskProfiler(tmp_path).task("t"):
        work()
        raise KeyError("mine")
    assert [profile.status for profile in saved(tmp_path)] == ["failed: KeyError"]


def test_one_in_so_many_is_profiled(tmp_path: Path) -> None:
    numbers = iter([0.9, 0.1, 0.5, 0.2])
    profiler = TaskProfiler(tmp_path, one_in=4, chance=lambda: next(numbers))
    for name in "abcd":
        with profiler.task(name):
            work()
    assert sorted(profile.name for profile in saved(tmp_path)) == ["b", "d"]


def test_a_function_chooses_by_the_name(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path, when=lambda name: name != "quick")
    for name in ("quick", "slow"):
        with profiler.task(name):
            work()
    assert [profile.name for profile in saved(tmp_path)] == ["slow"]


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b<c>', "\U0001f600", "y" * 4000, ""])
def test_any_name_is_safe(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "profiles"
    with TaskProfiler(folder).task(name):
        work()
    assert [path.name for path in tmp_path.iterdir()] == ["profiles"]
    assert [profile.name for profile in saved(folder)] == [name]


def test_tasks_may_be_inside_of_tasks(tmp_path: Path) -> None:
    profiler = TaskProfiler(tmp_path)
    with profiler.task("outer"), profiler.task("inner"):
        work()
    assert sorted(profile.name for profile in saved(tmp_path)) == ["inner", "outer"]


def test_a_folder_that_cannot_be_written_to_is_logged_and_the_task_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with TaskProfiler(tmp_path / "file" / "below").task("t"):
        assert work() == "done"
    assert "failed while saving the profile of a task" in caplog.text


def test_a_when_that_raises_is_logged_and_nothing_is_profiled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(name: object) -> bool:
        raise RuntimeError("no")

    with TaskProfiler(tmp_path, when=broken).task("t"):
        pass
    assert "asking when() whether to profile a task" in caplog.text
    assert saved(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"one_in": 0}, InvalidSettingError, "one_in must be a number from 1 on, not 0"),
        ({"when": 1}, InvalidSettingError, "when must be a function or None, not 1"),
        ({"renderer": "steam"}, InvalidSettingError, "there is no renderer 'steam'"),
        ({"interval": -1}, InvalidSettingError, "interval must be a number of seconds above 0"),
        ({"often": True}, TypeError, "unknown setting 'often'; there are: profile_dir, one_in"),
    ],
)
def test_wrong_settings_are_told_at_once(
    tmp_path: Path, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        TaskProfiler(tmp_path, **options)
