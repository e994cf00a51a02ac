"""A program that uses the interpreter's hooks itself: it takes, replaces and clears the profile
and the trace function, in its own thread and in new ones.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any, Callable


def work(number: int) -> int:
    """What is observed."""
    total = 0
    for value in range(number):
        total += abs(value)
    return total


def observed(
    install: Callable[[Any], None], start: Callable[[Any], None], *, in_thread: bool
) -> list[object]:
    """Events of ``work``, as a hook of the program's own sees them."""
    seen: list[object] = []

    def hook(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code is work.__code__:
            name = getattr(argument, "__name__", None)
            seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno, name))
        return hook

    if in_thread:
        install(hook)
        thread = threading.Thread(target=work, args=(3,))
        thread.start()
        thread.join()
        install(None)
    else:
        start(hook)
        work(3)
        start(None)
    return seen


def run() -> list[object]:
    """All events, in order."""
    found: list[object] = []
    for is_in_thread in (False, True):
        profiled = [
            observed(threading.setprofile, sys.setprofile, in_thread=is_in_thread)
            for _ in range(20)
        ]
        # A debugger or coverage may be there already: it stays.
        before = sys.gettrace()
        traced = [
            observed(threading.settrace, sys.settrace, in_thread=is_in_thread) for _ in range(20)
        ]
        sys.settrace(before)
        found += [all(one == profiled[0] for one in profiled), profiled[0]]
        found += [all(one == traced[0] for one in traced), traced[0]]
    return found


if __name__ == "__main__":
    print(run())
