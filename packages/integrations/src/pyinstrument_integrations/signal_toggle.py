"""Profiles of a running process: a signal starts one, the same signal again ends and saves it."""

from __future__ import annotations

import _thread
import atexit
import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any, Mapping

from .errors import InvalidSettingError
from .failures import LOGGER_NAME, Contained
from .subject import Subject
from .task_profiler import REPORT_THREAD, save_profile
from .task_settings import TaskSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pyinstrument_model.recorder import Recorder
    from pyinstrument_model.session import Session

    from .task_settings import TaskOptions


class SignalToggle:
    """A handler of a signal, from ``install()`` until ``close()``."""

    def __init__(
        self, number: signal.Signals, settings: TaskSettings, *, may_show_source: bool = True
    ) -> None:
        self.signal = number
        self._settings = settings
        self._may_show_source = may_show_source
        self._folder = settings.folder()
        self._recorder: Recorder | None = None
        self._previous: Any = None
        self._is_installed = False
        self._waiting: list[int] = []
        """Signals that came and are not answered yet: a list, since its changes are whole."""
        self._is_answering = False
        self._saving: list[tuple[int, _thread.LockType]] = []
        """Process and lock of each report that is being written: released when it is there."""

    @property
    def is_running(self) -> bool:
        """Whether a profile has been started and not ended."""
        return self._recorder is not None and self._recorder.is_running

    def install(self) -> SignalToggle:
        """Takes the signal. Raises ``InvalidSettingError`` where that cannot be."""
        try:
            self._previous = signal.signal(self.signal, self._handle)
        except (ValueError, OSError) as error:  # another thread than the main one; SIGKILL
            raise InvalidSettingError(
                f"{self.signal.name} cannot be taken here: {error}; use SIGUSR1 or SIGUSR2, from "
                "the main thread"
            ) from error
        self._is_installed = True
        atexit.register(self.wait)
        return self

    def wait(self) -> None:
        """Returns when the reports of the profiles that have ended are written."""
        while self._saving:
            process, lock = self._saving.pop()
            if process == os.getpid():  # else it was forked meanwhile, and the thread was not
                with lock:
                    pass

    def close(self) -> None:
        """Gives the signal back, unless somebody else has it now; ends a running profile.

        Returns when its report is written.
        """
        if self._is_installed and signal.getsignal(self.signal) == self._handle:
            signal.signal(self.signal, self._previous or signal.SIG_DFL)
        self._is_installed = False
        if self.is_running:
            self._stop(sys._getframe(1))
        self.wait()
        atexit.unregister(self.wait)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        at = sys._getframe() if frame is None else frame
        self._waiting.append(number)
        # A signal interrupts the answer to the one before, too, which then answers both. It looks
        # again when it has said that it is done: one may have come just before.
        while self._waiting and not self._is_answering:
            try:
                self._is_answering = True
                while self._waiting:
                    self._waiting.pop()
                    with Contained(f"handling {self.signal.name}"):
                        self._toggle(at)
                self._is_answering = False
            except BaseException:
                self._is_answering = False
                self._waiting.clear()  # or the next signal would be answered twice
                raise

    def _toggle(self, frame: FrameType) -> None:
        __tracebackhide__ = True
        if self.is_running:
            self._stop(frame)
        else:
            self._start(frame)

    def _start(self, frame: FrameType) -> None:
        __tracebackhide__ = True
        recorder = self._settings.record_options().recorder()
        recorder.start(frame, _title())
        self._recorder = recorder
        _log("profiling process %s until the next %s", os.getpid(), self.signal.name)

    def _stop(self, frame: FrameType) -> None:
        __tracebackhide__ = True
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        session = recorder.stop(frame)
        # The program was interrupted: it goes on while the report is made. It may have been inside
        # of threading, with a lock that Thread.start() would wait for, so that this is left to a
        # thread that can wait.
        lock = _thread.allocate_lock()
        lock.acquire()
        try:
            _thread.start_new_thread(self._save_in_thread, (session, lock))
        except RuntimeError:  # the main thread has ended, and waits for the others
            self._save(session)
        else:
            self._saving.append((os.getpid(), lock))

    def _save_in_thread(self, session: Session, lock: _thread.LockType) -> None:
        def save() -> None:
            try:
                self._save(session)
            finally:
                lock.release()

        try:
            threading.Thread(target=save, name=REPORT_THREAD, daemon=False).start()
        except RuntimeError:  # the interpreter is about to end, and waits for the lock
            save()

    def _save(self, session: Session) -> None:
        with Contained("saving the profile of a process"):
            if not self._may_show_source:
                session = session.without_sources()
            subject = Subject(f"process {os.getpid()}", "", session.target_description)
            save_profile(self._folder, session, subject, "")


def profile_on_signal(
    name: str | signal.Signals = "SIGUSR1",
    *,
    profile_dir: str | os.PathLike[str],
    **options: Unpack[TaskOptions],
) -> SignalToggle:
    """Lets ``kill -USR1 PID`` start a profile of this process, and end it: in any program.

    Args:
        name: Of the signal, or the signal itself.
        profile_dir: Folder for the reports; ``index.html`` in it lists them.
        options: See :class:`TaskSettings`; *threads* is ``"all"`` unless given.

    Call it in the main thread. Raises ``InvalidSettingError``, or ``TypeError`` for an option that
    there is not.
    """
    return SignalToggle(find_signal(name), toggle_settings(profile_dir, options)).install()


def toggle_settings(
    profile_dir: str | os.PathLike[str], options: Mapping[str, Any]
) -> TaskSettings:
    """The settings of a toggle: of all threads, unless *options* say otherwise."""
    # Stacks as they are: what a signal interrupts is no context of anybody's.
    defaults = {"threads": "all", "async_mode": "disabled"}
    return TaskSettings.of(profile_dir, options, **defaults)


def find_signal(name: str | signal.Signals) -> signal.Signals:
    """A signal by its name, with or without ``SIG``. Raises ``InvalidSettingError``."""
    if isinstance(name, signal.Signals):
        return name
    wanted = str(name).upper()
    found = getattr(signal, wanted if wanted.startswith("SIG") else f"SIG{wanted}", None)
    if isinstance(found, signal.Signals):
        return found
    names = ", ".join(sorted(one.name for one in signal.Signals))
    raise InvalidSettingError(f"there is no signal {name!r} here; there are: {names}")


def _title() -> str:
    words = " ".join(getattr(sys, "argv", []))
    return f"{words} (process {os.getpid()})".strip()


def _log(message: str, *values: object) -> None:
    import logging

    logging.getLogger(LOGGER_NAME).info(message, *values)
