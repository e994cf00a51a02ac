"""Threads that do other work than the thread that is profiled, and take the GIL from it: where it
waits for it is not known beforehand, so neither are the shares."""

from __future__ import annotations

import threading

UNITS = 200

MODULUS = 3**1200
START = 7**900 % MODULUS


def heavy() -> int:
    """Three multiplications."""
    x = START * START % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


def light() -> int:
    """One multiplication."""
    return START * START % MODULUS


def heavy_others() -> int:
    """What the other threads do."""
    return START * START % MODULUS


def others_work() -> None:
    """Goes on for as long as the process."""
    while True:
        heavy_others()


def start_others() -> None:
    """Two of them, once."""
    if not OTHERS:
        OTHERS.extend(threading.Thread(target=others_work, daemon=True) for _ in range(2))
        for thread in OTHERS:
            thread.start()


OTHERS: list[threading.Thread] = []


def work(n: int) -> None:
    """The profiled thread's own work."""
    start_others()
    for _ in range(n):
        heavy()
        light()
