"""``@pytest.mark.time_budget``: a test that takes too long fails, and shows where the time went."""

from __future__ import annotations

import sys
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Generator

import pytest

from pyinstrument_renderers.settings import load_settings

from .errors import InvalidSettingError
from .settings import record_options
from .time_budget import TimeBudget

if TYPE_CHECKING:
    from pyinstrument_model.recorder import Recorder

MARKER = "time_budget"


class TimeBudgets:
    """A plugin, registered where a test has a budget."""

    def __init__(self, config: pytest.Config) -> None:
        try:
            self._record = record_options(load_settings(folder=str(config.rootpath)))
        except ValueError as error:
            raise pytest.UsageError(f"pyinstrument: {error}") from None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Refuses a budget that is none, before the test runs."""
        _budgets(item)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Profiles the test's call, and fails a test that passed too slowly."""
        budgets = _budgets(item)
        if not budgets:
            return (yield)
        recorder = self._record.recorder()
        if runs_in_another_context(item):
            _start_inside(item, recorder)
        else:
            recorder.start(sys._getframe(1), item.nodeid)
        try:
            result = yield
        finally:
            if recorder.is_running:
                recorder.stop(sys._getframe(1))
        session = recorder.last_session
        if session is None:
            return result
        for budget in budgets:
            fault = budget.fault(session)
            if fault is not None:
                pytest.fail(f"over its time budget: {fault}", pytrace=False)
        return result


def runs_in_another_context(item: pytest.Item) -> bool:
    """Whether a coroutine is run by a task that is older than the test, as anyio does.

    To a profile of this thread's context that task is somebody else's.
    """
    return "anyio_backend" in getattr(item, "fixturenames", ())


def _start_inside(item: Any, recorder: Recorder) -> None:
    """Has the recorder started and stopped by the test's own coroutine, if it is one."""
    function = item.obj

    @wraps(function)
    async def profiled(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        recorder.start(sys._getframe(), item.nodeid)
        try:
            return await function(*args, **kwargs)
        finally:
            recorder.stop(sys._getframe())

    if iscoroutinefunction(function):
        item.obj = profiled
    else:
        recorder.start(sys._getframe(2), item.nodeid)


def _budgets(item: pytest.Item) -> list[TimeBudget]:
    """Of each frame the closest: that of a test counts, not that of its class or module."""
    found: dict[str | None, TimeBudget] = {}
    fault = ""
    for mark in item.iter_markers(MARKER):  # the closest comes first
        try:
            budget = TimeBudget.of(*mark.args, **mark.kwargs)
            found.setdefault(budget.frame, budget)
        except TypeError:
            given = ", ".join([*map(repr, mark.args), *mark.kwargs]) or "nothing"
            fault = f"it takes a budget and frame=, not {given}"
        except InvalidSettingError as error:
            fault = str(error)
    if fault:
        pytest.fail(f"@pytest.mark.{MARKER}: {fault}", pytrace=False)
    return list(found.values())
