"""Reports before a process that was asked to terminate does so.

Only while SIGTERM still has its default effect; a handler that the program sets takes ours away.
The signal is sent again afterwards, so that the process ends as plain Python's does.
"""

from __future__ import annotations

import os
import signal
from _thread import get_ident
from types import FrameType, TracebackType
from typing import Callable


class TerminationReport:
    """A context in which SIGTERM first calls *report*, in the process that entered it.

    A forked child must be as if there were no handler, from its first moment: the signal is held
    back while the process forks, and let through once the child has its default effect back.
    """

    def __init__(self, report: Callable[[], None]) -> None:
        self._report = report
        self._process = os.getpid()
        self._held_back: set[int] = set()
        """Threads that are forking and had the signal blocked by us."""

    def __enter__(self) -> TerminationReport:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._handle)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(
                    before=self._before_fork,
                    after_in_parent=self._let_through,
                    after_in_child=self._after_fork_in_child,
                )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._restore()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() == self._process:
            self._report()
        os.kill(os.getpid(), number)

    def _restore(self) -> None:
        if self._is_installed():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _is_installed(self) -> bool:
        return signal.getsignal(signal.SIGTERM) == self._handle

    def _before_fork(self) -> None:
        if self._is_installed():
            blocked_before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            if signal.SIGTERM not in blocked_before:
                self._held_back.add(get_ident())

    def _let_through(self) -> None:
        if get_ident() in self._held_back:
            self._held_back.discard(get_ident())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def _after_fork_in_child(self) -> None:
        self._restore()
        self._let_through()
