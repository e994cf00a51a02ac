"""Profiles of tasks: a context manager and a decorator for any worker.

Nothing here raises into a task.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from functools import wraps
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from .errors import InvalidSettingError
from .failures import Contained
from .profile_folder import ProfileFolder
from .subject import Subject
from .task_settings import TaskSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pyinstrument_model.recorder import Recorder
    from pyinstrument_model.session import Session

    from .task_settings import TaskOptions

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

REPORT_THREAD = "pyinstrument-report"
"""Name of the threads that save reports while the program goes on."""


class TaskProfiler:
    """Saves profiles of tasks to a folder; any number of tasks at once.

    ``with profiler.task("import users"): ...`` profiles a block, in a coroutine too;
    ``@profiler`` each call of a function or coroutine function.
    """

    def __init__(
        self,
        profile_dir: str | os.PathLike[str],
        *,
        chance: Callable[[], float] = random.random,
        **options: Unpack[TaskOptions],
    ) -> None:
        """
        Args:
            profile_dir: Folder for the reports; ``index.html`` in it lists them.
            chance: Numbers from 0 to 1.
            options: See :class:`TaskSettings`.

        Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
        """
        self.settings = TaskSettings.of(profile_dir, options)
        self.folder = self.settings.folder()
        self._record = self.settings.record_options()
        self._chance = chance

    def task(self, name: str, *, route: str | None = None, subject: object = None) -> TaskRun:
        """A context in which a task is profiled, if it is one to be.

        Args:
            name: For the report's title and the file's name.
            route: What it is one of many of; by default its name.
            subject: What ``when`` is called with; by default the name.
        """
        name = str(name)  # tasks are called by numbers too
        route = name if route is None or route == "" else str(route)
        is_wanted = self._is_wanted(name if subject is None else subject)
        return TaskRun(self, Subject(name, "task", route), is_wanted)

    def __call__(self, function: AnyFunction) -> AnyFunction:
        """The function, with a profile of each call that is to have one.

        Raises ``InvalidSettingError`` for what is no function, or a generator's: while that waits
        to be asked for more, other code runs.
        """
        from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

        given: object = function
        # From Python 3.10 on a staticmethod can be called, but it is no method once it is wrapped.
        is_method = isinstance(given, (staticmethod, classmethod, property))
        if isinstance(given, type) or is_method or not callable(given):
            raise InvalidSettingError(
                f"a task profiler decorates a function, not {function!r}: put it below "
                "@staticmethod, @classmethod and @property"
            )
        called = _called(function)
        if isgeneratorfunction(called) or isasyncgenfunction(called):
            raise InvalidSettingError(
                f"{function!r} makes a generator, whose code runs later: profile what consumes it, "
                "by 'with profiler.task(name):'"
            )
        is_coroutine = iscoroutinefunction(function) or iscoroutinefunction(called)
        name = getattr(function, "__qualname__", None) or repr(function)
        name = f"{getattr(function, '__module__', '')}.{name}".lstrip(".")

        @wraps(function)
        def profiled(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with self.task(name):
                return function(*args, **kwargs)

        @wraps(function)
        async def profiled_coroutine(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with self.task(name):
                return await function(*args, **kwargs)

        found: Any = profiled_coroutine if is_coroutine else profiled
        return found  # type: ignore[no-any-return]  # it has the signature of what it wraps

    def recorder(self) -> Recorder:
        """A new one, as the settings say."""
        return self._record.recorder()

    def save(self, session: Session, subject: Subject, status: str) -> None:
        """Saves a report; where an event loop runs, it goes on meanwhile."""
        session = self._record.session_of(session)
        if _in_event_loop():
            work = threading.Thread(
                target=self._save, args=(session, subject, status), name=REPORT_THREAD
            )
            work.start()
        else:
            self._save(session, subject, status)

    def _save(self, session: Session, subject: Subject, status: str) -> None:
        with Contained("saving the profile of a task"):
            save_profile(self.folder, session, subject, status)

    def _is_wanted(self, subject: object) -> bool:
        one_in, when = self.settings.one_in, self.settings.when
        if one_in != 1 and self._chance() * one_in >= 1:
            return False
        if when is None:
            return True
        with Contained("asking when() whether to profile a task"):
            return bool(when(subject))
        return False


class TaskRun:
    """One task; a context, or ``start`` and ``stop`` where these are calls of somebody else's."""

    __slots__ = ("_is_wanted", "_profiler", "_recorder", "_subject")

    def __init__(self, profiler: TaskProfiler, subject: Subject, is_wanted: bool) -> None:
        self._profiler = profiler
        self._subject = subject
        self._is_wanted = is_wanted
        self._recorder: Recorder | None = None

    def start(self, frame: FrameType) -> None:
        """Starts to profile; reports begin at *frame*."""
        __tracebackhide__ = True
        if not self._is_wanted or self._recorder is not None:
            return
        with Contained("starting the profile of a task"):
            recorder = self._profiler.recorder()
            recorder.start(frame, self._subject.title)
            self._recorder = recorder

    def stop(self, frame: FrameType, status: str = "") -> None:
        """Stops, once, and saves the report."""
        __tracebackhide__ = True
        recorder, self._recorder = self._recorder, None
        if recorder is None or not recorder.is_running:  # a child that was forked meanwhile
            return
        with Contained("stopping the profile of a task"):
            self._profiler.save(recorder.stop(frame), self._subject, status)

    def __enter__(self) -> TaskRun:
        __tracebackhide__ = True
        self.start(sys._getframe(1))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        self.stop(sys._getframe(1), "" if kind is None else f"failed: {kind.__name__}")


def save_profile(folder: ProfileFolder, session: Session, subject: Subject, status: str) -> None:
    """Saves a report, and says where in the log, for those who look at its details."""
    import logging

    from .failures import LOGGER_NAME

    path = folder.save(session, subject, status=status)
    if path is not None:
        logging.getLogger(LOGGER_NAME).info("profile of %s saved to %s", subject.title, path)


def _called(function: Callable[..., Any]) -> Callable[..., Any]:
    """What a call runs: of a partial its function, of any other object a method of its class."""
    from functools import partial
    from inspect import isroutine

    while isinstance(function, partial):
        function = function.func
    if isroutine(function):
        return function
    method: Callable[..., Any] = type(function).__call__
    return method


def _in_event_loop() -> bool:
    events = sys.modules.get("asyncio.events")
    return events is not None and events._get_running_loop() is not None
