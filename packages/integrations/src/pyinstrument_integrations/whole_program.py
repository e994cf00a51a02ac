"""``PYINSTRUMENT=1 python program.py``: a program is profiled without a change of its command line.

A line that ``python -m pyinstrument_integrations.activation on`` puts into the environment calls
``start`` before the program begins. Its output, its status and its exceptions stay what they are.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyinstrument_model.recorder import Recorder
    from pyinstrument_model.session import Session
    from pyinstrument_renderers.settings import Settings

VARIABLE = "PYINSTRUMENT"
SIGNAL_VARIABLE = "PYINSTRUMENT_SIGNAL"
_OFF = ("0", "false", "no", "off", "n", "f")
_HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Modules that run in processes of their own, without code of the program."""

_has_started = False


def start() -> None:
    """What the environment asks for; whatever fails is told, and the program runs without."""
    global _has_started
    if _has_started:  # in a virtual environment the file may be read twice
        return
    _has_started = True
    try:
        _start()
    except Exception as error:
        _complain(f"the program runs without a profile: {error}")


def _start() -> None:
    from pyinstrument_renderers.settings import load_settings

    asked = os.environ.get(VARIABLE, "").strip().lower()
    name = os.environ.get(SIGNAL_VARIABLE)
    if _is_helper():
        return
    settings = load_settings()
    if name:
        _listen(name, settings)
    if asked and asked not in _OFF:
        WholeProgram(settings).start()


def _listen(name: str, settings: Settings) -> None:
    from .settings import DEFAULT_FOLDER, record_options, report_format
    from .signal_toggle import SignalToggle, find_signal, toggle_settings

    record = record_options(settings, threads=settings.threads or "all")
    given = {
        "renderer": report_format(settings).renderer,
        "interval": record.interval,
        "threads": record.threads,
        "engine": record.engine,
    }
    folder = os.path.abspath(settings.profile_dir or DEFAULT_FOLDER)
    SignalToggle(
        find_signal(name),
        toggle_settings(folder, given),
        may_show_source=settings.source is not False,
    ).install()


class WholeProgram:
    """The profile of this process, from its start until after its last exit handler."""

    def __init__(self, settings: Settings) -> None:
        """Raises ``InvalidSettingError``."""
        from pyinstrument_renderers.own_imports import OwnImports

        from .settings import record_options, report_format

        self._settings = settings
        self._process = os.getpid()
        self._recorder: Recorder = record_options(settings).recorder()
        # Absolute, and checked, before the program changes folders and closes streams.
        self._folder = None
        if settings.profile_dir is not None:
            from .profile_folder import ProfileFolder

            self._folder = ProfileFolder(settings.profile_dir, report=report_format(settings))
        self._own_imports = OwnImports(before_main=True)

    def start(self) -> None:
        """Starts to profile the main thread."""
        __tracebackhide__ = True
        import atexit

        self._recorder.start(sys._getframe(), _title())
        # Handlers run in reverse: the program's come before this one, the sampler's own after it.
        atexit.register(self._finish)

    def _finish(self) -> None:
        __tracebackhide__ = True
        if os.getpid() != self._process or not self._recorder.is_running:
            return  # a child that the program forked
        if _is_helper():  # before Python 3.10 that cannot be told any sooner
            self._recorder.abandon()
            return
        try:
            with self._own_imports:
                session = self._recorder.stop(sys._getframe())
                if self._settings.source is False:
                    session = session.without_sources()
                self._report(session)
        except Exception as error:  # the program has ended, and its status is its own
            _complain(f"no report: {error}")
        _keep_status_of_interrupt()

    def _report(self, session: Session) -> None:
        if self._folder is not None:
            from .subject import Subject

            words = session.target_description
            self._folder.save(session, Subject(words, "", _program()))
            return
        from pyinstrument_renderers.outputs import write_stream
        from pyinstrument_renderers.terminal import (
            supports_color,
            supports_unicode,
            terminal_width,
        )

        from .settings import report_format

        stream = sys.stderr
        if stream is None:
            return
        unicode, color = self._settings.unicode, self._settings.color
        report = report_format(
            self._settings,
            "text",
            unicode=supports_unicode(stream) if unicode is None else unicode,
            color=supports_color(stream) if color is None else color,
            width=terminal_width(stream),
        )
        write_stream(stream, report.render(session).decode("utf-8", "replace") + "\n")
        stream.flush()


def _keep_status_of_interrupt() -> None:
    """Lets a program that ``KeyboardInterrupt`` ended still end by SIGINT.

    Python notes that in a flag, which any code that is run from a string resets, as namedtuple
    does while modules are imported; a string that raises it sets the flag again.
    """
    is_interactive = sys.flags.interactive or hasattr(sys, "ps1")
    if getattr(sys, "last_type", None) is KeyboardInterrupt and not is_interactive:
        try:
            exec("raise KeyboardInterrupt")
        except KeyboardInterrupt:
            pass


def _is_helper() -> bool:
    """Whether this is a process that multiprocessing keeps for itself."""
    words = getattr(sys, "orig_argv", [])
    runs = getattr(sys.modules.get("__main__"), "main", None)  # they import it, and call it
    return getattr(runs, "__module__", "") in _HELPERS or any(
        helper in word for word in words for helper in _HELPERS
    )


def _complain(message: str) -> None:
    try:
        if sys.stderr is not None:
            print(f"pyinstrument: {message}", file=sys.stderr, flush=True)
    except (OSError, ValueError):  # nobody reads it, or the program has closed it
        pass


def _title() -> str:
    return f"Program: {' '.join(_words())} (process {os.getpid()})"


def _program() -> str:
    return next(iter(_words()), "")


def _words() -> list[str]:
    """The program and its arguments, as far as they are known so early."""
    words = getattr(sys, "orig_argv", None)
    if words is not None:
        return list(words[1:])
    return list(getattr(sys, "argv", []))
