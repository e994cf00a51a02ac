"""Keeps a failure of ours away from the program that is profiled: it is logged instead."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

LOGGER_NAME = "pyinstrument"

_LIMIT = 100
_told: set[str] = set()
_lock = threading.Lock()


class Contained:
    """A context that an ``Exception`` does not leave; it is logged, with what was being done.

    The same failure is logged once a process: a folder that is full would fail at each request.
    """

    __slots__ = ("_doing", "has_failed")

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self.has_failed = False

    def __enter__(self) -> Contained:
        __tracebackhide__ = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        __tracebackhide__ = True
        if error is None or not isinstance(error, Exception):
            return False
        self.has_failed = True
        tell_once(
            f"pyinstrument failed while {self._doing}, and the program goes on without: "
            f"{type(error).__name__}: {error}",
            logging.ERROR,
            error,
        )
        return True


def tell_once(message: str, level: int = logging.WARNING, error: Exception | None = None) -> None:
    """Logs a message that was not logged before; never raises."""
    with _lock:
        if message in _told:
            return
        if len(_told) >= _LIMIT:  # messages that differ each time must not fill the memory
            _told.clear()
        _told.add(message)
    try:
        logging.getLogger(LOGGER_NAME).log(level, message, exc_info=error)
    except Exception:
        pass  # a handler of the program's own may raise; there is nobody left to tell


def forget_told() -> None:
    """Every message is new again."""
    with _lock:
        _told.clear()
