"""Reports before a process that was asked to terminate does so.

Only while SIGTERM still has its default effect; a handler that the program sets takes ours away.
The signal is sent again afterwards, so that the process ends as plain Python's does.
"""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType
from typing import Callable


class TerminationReport:
    """A context in which SIGTERM first calls *report*, in the process that entered it."""

    def __init__(self, report: Callable[[], None]) -> None:
        self._report = report
        self._process = os.getpid()

    def __enter__(self) -> TerminationReport:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._handle)
            if hasattr(os, "register_at_fork"):  # children have nothing to report
                os.register_at_fork(after_in_child=self._restore)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._restore()

    def _restore(self) -> None:
        if signal.getsignal(signal.SIGTERM) == self._handle:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() == self._process:
            self._report()
        os.kill(os.getpid(), number)
