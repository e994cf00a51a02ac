"""Threads that tests start and wait for, and what a recording says of each."""

from __future__ import annotations

import sys
import threading
from typing import Callable

from pyinstrument_sampler import Recording

from .sampling import THREE, TWO, FakeClock, frame_text


def reaches_running_threads(engine: str) -> bool:
    """Whether an engine can record threads that ran before it started."""
    return engine == "monitoring" or (engine == "setprofile" and sys.version_info >= (3, 12))


def run_thread(work: Callable[[], object], name: str = "worker") -> None:
    """Runs *work* in a thread, to its end."""
    thread = threading.Thread(target=work, name=name)
    thread.start()
    thread.join()


class Work:
    """Takes time on a clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock

    def work(self) -> None:
        self.clock += TWO

    def more(self) -> None:
        self.clock += THREE


class Worker:
    """A thread that waits, does one thing when told to, and waits again."""

    def __init__(self, name: str = "worker") -> None:
        self._work: Callable[[], object] | None = None
        self._is_told = threading.Semaphore(0)
        self._is_done = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._run, name=name)
        self.thread.start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self._work = None
        self._is_told.release()
        self.thread.join()

    def do(self, work: Callable[[], object]) -> None:
        """Has *work* done in the thread, and waits for that."""
        self.start(work)
        self.wait()

    def start(self, work: Callable[[], object]) -> None:
        """Has *work* begun in the thread."""
        self._work = work
        self._is_told.release()

    def wait(self) -> None:
        """Waits for what was begun."""
        self._is_done.acquire()

    def _run(self) -> None:
        self._is_told.acquire()
        while self._work is not None:
            self._work()
            self._is_done.release()
            self._is_told.acquire()


def leaf_seconds(recording: Recording) -> dict[str, dict[str, int]]:
    """Whole seconds by thread name and innermost frame."""
    found: dict[str, dict[str, int]] = {}
    for sample in recording.iter_samples():
        if sample.duration_ns:
            of_thread = found.setdefault(recording.thread_name(sample.thread) or "", {})
            leaf = frame_text(recording.stack(sample.stack)[-1])
            of_thread[leaf] = of_thread.get(leaf, 0) + sample.duration_ns // 10**9
    return found


def thread_seconds(recording: Recording) -> dict[str, int]:
    """Whole seconds by thread name."""
    return {name: sum(leaves.values()) for name, leaves in leaf_seconds(recording).items()}


def assert_without_gaps(recording: Recording) -> None:
    """Each thread's samples follow each other, inside of the time of the recording."""
    ends: dict[int, int] = {}
    for sample in recording.iter_samples():
        assert sample.start_ns == ends.get(sample.thread, sample.start_ns) >= 0
        ends[sample.thread] = sample.start_ns + sample.duration_ns
    assert max(ends.values(), default=0) == recording.facts.duration_ns
    assert all(thread < len(recording.threads.ident) for thread in ends)
