"""The engine in pure Python, on ``sys.setprofile``: the oracle of the others, and what there is
without a compiler.
"""

from __future__ import annotations

import os
import sys
import threading
from types import FrameType
from weakref import ref

from ..facts import thread_name
from ..notes import STARTING_HOOK_TAKEN, add_note, started_before
from .interface import SamplingRequest
from .reference_run import ReferenceRun


class ReferenceEngine:
    """Samples with a profile function written in Python.

    It looks at the clock at every event, so it slows the program down several times. And such a
    function has effects of the interpreter's own, which compiled engines do not have: up to 3.12
    dictionaries that ``locals()`` gave are refreshed, and a program within a few frames of the
    recursion limit reaches it early, which can take the hook away.
    """

    name = "reference"

    def unavailable_reason(self) -> str | None:
        """Always None: it can run everywhere."""
        return None

    def start(self, request: SamplingRequest) -> ReferenceRun:
        """Begins sampling the calling thread."""
        __tracebackhide__ = True
        hook = _hook_of_this_thread()
        run = ReferenceRun(request, hook, _stop_following)
        if not run.has_ended:
            try:
                _serve(run, hook, request)
            except BaseException:  # of a signal handler: nobody gets the run
                run.abandon()
                raise
        return run


def _serve(run: ReferenceRun, hook: ThreadHook, request: SamplingRequest) -> None:
    __tracebackhide__ = True
    if request.threads != "current":
        _note_unreachable(run, request.threads)
    if request.threads == "all":
        _follow(run)
    if run.wants_own_thread:
        hook.add(run)
        sys.setprofile(hook)


class ThreadHook:
    """The profile function of one thread, which serves all runs there.

    It is installed while it has runs. Another thread may take the last one away; then it removes
    itself at the next event.
    """

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self.pid = os.getpid()
        self.replaced: ThreadHook | None = None  # the one before it on the thread
        self._lock = threading.RLock()
        self._runs: tuple[ReferenceRun, ...] = ()
        # What a thread keeps for itself goes with it. (Its ident is given to other threads.)
        if not hasattr(_of_thread, "sign"):
            _of_thread.sign = _ThreadSign()
        self._sign = ref(_of_thread.sign)

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        __tracebackhide__ = True
        for run in self._runs:
            run.observe(self, frame, event, argument)
        if not self._runs and self.is_installed():
            sys.setprofile(None)

    @property
    def has_runs(self) -> bool:
        """Whether it serves any."""
        return bool(self._runs)

    def is_installed(self) -> bool:
        """Whether it is the profile function of the calling thread."""
        return sys.getprofile() is self

    def is_alive(self) -> bool:
        """Whether its thread has not ended."""
        return self._sign() is not None

    def current_frame(self) -> FrameType | None:
        """The innermost frame of the thread, the sampler's own left out; None if it has ended."""
        if not self.is_alive():
            return None
        innermost = frame = sys._current_frames().get(self.ident)
        while frame is not None:
            if frame.f_code is ThreadHook.__call__.__code__:
                innermost = frame.f_back
            frame = frame.f_back
        return innermost

    def add(self, run: ReferenceRun) -> None:
        """Serves *run* too."""
        with self._lock:
            if run not in self._runs:
                self._runs = (*self._runs, run)

    def remove(self, run: ReferenceRun) -> None:
        """Serves *run* no more; goes away with the last one."""
        with self._lock:
            self._runs = tuple(other for other in self._runs if other is not run)
        if not self._runs and self.is_installed():
            sys.setprofile(None)

    def reset_lock(self) -> None:
        """In the child of a fork: whoever held the lock is not there."""
        self._lock = threading.RLock()


class _ThreadSign:
    """Lives as long as the thread that it was made for."""


# The hook, which must live as long as the thread, installed or not. 3.11 makes the frame object
# after it has read which profile function to call, and does not hold that: the collector may run
# there, and the events of a finalizer may remove the hook. (The one before may be in that place.)
_of_thread = threading.local()


def _hook_of_this_thread() -> ThreadHook:
    """The thread's hook, or a new one if that was displaced while it served runs."""
    last: ThreadHook | None = getattr(_of_thread, "hook", None)
    # In the child of a fork the lock may be held by a thread that is not there.
    if last is not None and last.pid == os.getpid():
        if last.is_installed() or not last.has_runs:
            return last
    hook = _of_thread.hook = ThreadHook()
    if last is not None:
        last.replaced = None
        hook.replaced = last
    return hook


# Runs that record every thread that starts.
_followers: list[ReferenceRun] = []


def _follow(run: ReferenceRun) -> None:
    _followers.append(run)
    if getattr(threading, "_profile_hook", None) is None:
        threading.setprofile(_on_new_thread)


def _stop_following(run: ReferenceRun, notes: list[str]) -> None:
    if run in _followers:
        _followers.remove(run)
        if getattr(threading, "_profile_hook", None) is not _on_new_thread:
            add_note(notes, STARTING_HOOK_TAKEN)
        elif not _followers:
            threading.setprofile(None)
            if _followers:  # one that another thread has added, and that found it set
                threading.setprofile(_on_new_thread)


def _on_new_thread(frame: FrameType, event: str, argument: object) -> None:
    """The profile function that ``threading`` gives to a new thread: makes way for our own."""
    __tracebackhide__ = True
    sys.setprofile(None)
    if _followers:
        hook = _hook_of_this_thread()
        for run in tuple(_followers):
            hook.add(run)
        sys.setprofile(hook)


def _note_unreachable(run: ReferenceRun, threads: str | frozenset[int]) -> None:
    idents = set(sys._current_frames()) - {threading.get_ident()}
    if not isinstance(threads, str):
        idents &= threads
    if idents:
        names = [thread_name(ident) or str(ident) for ident in sorted(idents)]
        run.add_note(started_before(names, "the reference engine cannot reach them"))
