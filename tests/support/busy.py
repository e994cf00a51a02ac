"""Computes for so long that it is seen in a profile, whatever else the machine does meanwhile."""

from __future__ import annotations

import inspect
import time


def be_busy(seconds: float = 0.1) -> int:
    """Uses the CPU for so long that a function is found in its report; returns the turns taken."""
    end = time.thread_time() + seconds
    turns = 0
    # Turns as well: a virtual machine that stands still may count that as CPU time.
    while time.thread_time() < end or turns < seconds * 1e6:
        turns += 1
    return turns


SOURCE = f"import time\n\n{inspect.getsource(be_busy)}\n"
"""The same for programs of their own, which cannot import it."""
