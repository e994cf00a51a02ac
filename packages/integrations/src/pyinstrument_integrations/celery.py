"""Celery: profiles of tasks, in the workers that run them.

``profile_tasks("profiles")`` in the module that makes the app; it connects to Celery's signals.
"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any

from .extras import missing_extra
from .failures import Contained
from .task_profiler import TaskProfiler, TaskRun

try:
    from celery import signals
except ImportError as error:
    raise missing_extra("celery", error) from error

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .task_settings import TaskOptions

_SUCCESS = "SUCCESS"
_RUNS_TASKS = "trace_task"
"""The function of Celery that sends the signals and calls the task."""


class CeleryProfiler:
    """Profiles the tasks of this process and those forked from it, until it is disconnected."""

    def __init__(self, profiler: TaskProfiler) -> None:
        self.profiler = profiler
        self._running: dict[str, TaskRun] = {}
        """By task id: tasks may run inside of others, or side by side."""
        signals.task_prerun.connect(self._before, weak=False)
        signals.task_postrun.connect(self._after, weak=False)

    def disconnect(self) -> None:
        """No task that begins from now on is profiled."""
        signals.task_prerun.disconnect(self._before)
        signals.task_postrun.disconnect(self._after)

    def _before(self, sender: Any = None, task_id: str = "", **_: Any) -> None:
        __tracebackhide__ = True
        with Contained("starting the profile of a task"):
            name = str(getattr(sender, "name", sender))
            run = self.profiler.task(name, subject=sender)
            self._running[task_id] = run
            run.start(_frame_of_worker(sys._getframe(1)))

    def _after(self, sender: Any = None, task_id: str = "", state: str = "", **_: Any) -> None:
        __tracebackhide__ = True
        run = self._running.pop(task_id, None)
        if run is not None:
            status = "" if state == _SUCCESS else str(state or "")
            run.stop(_frame_of_worker(sys._getframe(1)), status)


def profile_tasks(
    profile_dir: str | os.PathLike[str], **options: Unpack[TaskOptions]
) -> CeleryProfiler:
    """Saves a profile of each task to a folder.

    Args:
        profile_dir: Folder for the reports; ``index.html`` in it lists them.
        options: ``one_in=100`` profiles one task in a hundred, ``slower_than=1`` keeps those that
            took a second, ``when=lambda task: task.name == "app.slow"`` chooses; see
            :class:`TaskSettings` for the others.

    Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
    """
    return CeleryProfiler(TaskProfiler(profile_dir, **options))


def _frame_of_worker(frame: FrameType) -> FrameType:
    """The frame that is below the task's: ours are above it only while a signal is sent."""
    found: FrameType | None = frame
    while found is not None:
        if found.f_code.co_name == _RUNS_TASKS:
            return found
        found = found.f_back
    return frame
