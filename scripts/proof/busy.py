"""Computes for so long that it is seen in a profile, whatever else the machine does meanwhile."""

import time


def be_busy(seconds: float = 0.1) -> None:
    """Uses the CPU in the calling thread."""
    end = time.thread_time() + seconds
    turns = 0
    # Turns as well: a virtual machine that stands still may count that as CPU time.
    while time.thread_time() < end or turns < seconds * 1e6:
        turns += 1
