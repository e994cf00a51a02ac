"""Running samplers and the ends of a process: the child of a ``fork``, the interpreter's exit.

In both, samplers are abandoned at once: a child does not sample by accident, and nothing of the
sampler runs while the interpreter is taken down.
"""

from __future__ import annotations

import atexit
import os
from typing import Protocol
from weakref import WeakSet


class Abandonable(Protocol):
    def abandon(self) -> None: ...


_running: WeakSet[Abandonable] = WeakSet()
_is_registered = False


def watch(sampler: Abandonable) -> None:
    """Abandons *sampler* when this process forks (in the child) or ends."""
    global _is_registered
    if not _is_registered:
        _is_registered = True
        atexit.register(_abandon_all)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_abandon_all)
    _running.add(sampler)


def unwatch(sampler: Abandonable) -> None:
    """It has stopped."""
    _running.discard(sampler)


def _abandon_all() -> None:
    global _running
    abandoned, _running = _running, WeakSet()  # fresh: a fork may have cut a change short
    for sampler in list(abandoned):
        sampler.abandon()
