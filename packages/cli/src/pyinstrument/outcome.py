"""How a program ended, and how to end this process in exactly the same way.

An exception is raised again and left to the interpreter, which alone can do all of it right: exit
status, message, ``sys.excepthook``, ``sys.last_exc``, and dying of SIGINT after a Ctrl-C.
"""

from __future__ import annotations

import sys
from types import CodeType, TracebackType
from typing import Any, Callable, NamedTuple

UNWRITTEN = 2
"""Exit status where the program did well, but a report could not be written."""


class Outcome(NamedTuple):
    """How a program ended."""

    error: BaseException | None
    """What it raised; None when it ran to its end."""
    started: bool
    """Whether any of it ran: not if it is missing or its script has a syntax error."""
    in_child: bool
    """We are a process that the program forked, and which came out at its end."""
    own_frames: tuple[CodeType, ...]
    """Code of ours that may stand at the top of the traceback."""
    clean_up: Callable[[], None] | None
    """What ``python`` does to ``__main__`` after printing the exception."""

    @property
    def succeeded(self) -> bool:
        """Whether plain ``python`` would exit with status 0."""
        if isinstance(self.error, SystemExit):
            return self.error.code is None or self.error.code == 0
        return self.error is None

    def leave(self, *, reports_written: bool = True) -> None:
        """Ends like the program did; returns only where the status is 0."""
        if self.succeeded and not reports_written:
            raise SystemExit(UNWRITTEN)
        if self.error is None:
            if self.clean_up is not None:
                self.clean_up()
            return
        if not isinstance(self.error, SystemExit):
            _install_hook(self.error, _without(self.own_frames, self.error), self.clean_up)
        raise self.error


def _without(codes: tuple[CodeType, ...], error: BaseException) -> TracebackType | None:
    """The traceback without our frames at its top."""
    found = error.__traceback__
    while found is not None and found.tb_frame.f_code in codes:
        found = found.tb_next
    return found


def _install_hook(
    error: BaseException,
    traceback: TracebackType | None,
    clean_up: Callable[[], None] | None,
) -> None:
    """Sees to it that the program's hook gets the traceback without frames of ours.

    On its way to the interpreter the exception gathers them again, so they are taken off at the
    last moment: by a hook that works once and puts the program's own back.
    """
    hook: Any = getattr(sys, "excepthook", None)
    missing = not hasattr(sys, "excepthook")

    def show(kind: Any, value: BaseException, _traceback: TracebackType | None) -> None:
        if missing:
            del sys.excepthook
        else:
            sys.excepthook = hook
        BaseException.with_traceback(value, traceback)
        sys.last_traceback = traceback
        try:
            if missing:
                print("sys.excepthook is missing", file=sys.stderr)
                sys.__excepthook__(kind, value, traceback)
            else:
                _call_hook(hook, value, traceback)
        finally:
            if clean_up is not None:
                clean_up()

    sys.excepthook = show


def _call_hook(hook: Any, value: BaseException, traceback: TracebackType | None) -> None:
    try:
        hook(type(value), value, traceback)
    except SystemExit:
        raise
    except BaseException as error:  # what the interpreter prints, but without this frame
        BaseException.with_traceback(error, error.__traceback__ and error.__traceback__.tb_next)
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(value), value, traceback)
