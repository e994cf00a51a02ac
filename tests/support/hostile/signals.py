"""Signals a thousand times a second; their handler runs code, and sometimes raises."""

from __future__ import annotations

import signal
from types import FrameType

RAISED = 40


class Alarm(Exception):
    """Raised by the handler."""


class Handler:
    """Raises at most once each time that it is armed."""

    def __init__(self) -> None:
        self.is_armed = False
        self.calls = 0
        self.raised = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.calls += 1
        sorted(range(10), key=lambda value: -value)
        if self.is_armed and self.calls % 2:
            self.is_armed = False
            self.raised += 1
            raise Alarm


def work() -> int:
    """Something to interrupt."""
    return sum(sorted(range(30), key=lambda value: -value))


def run() -> list[int]:
    """Exceptions raised and caught, and what work gives then."""
    handler = Handler()
    caught = 0
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        while caught < RAISED:
            try:
                handler.is_armed = True
                while True:
                    work()
            except Alarm:
                caught += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return [handler.raised, caught, work()]


if __name__ == "__main__":
    print(run())
