"""Which threads a sampler is asked to record: checked when it is made, and when it starts."""

from __future__ import annotations

import sys
from typing import Iterable

from .errors import InvalidOptionError, UnknownThreadError
from .facts import thread_name

CURRENT = "current"
ALL = "all"


def checked_threads(threads: object) -> str | frozenset[int]:
    """The option's value: ``"current"``, ``"all"``, or a set of idents that is not empty."""
    if isinstance(threads, str):
        if threads in (CURRENT, ALL):
            return threads
    elif isinstance(threads, Iterable):
        idents = list(threads)
        if idents and all(type(ident) is int for ident in idents):
            return frozenset(idents)
    raise InvalidOptionError(
        "threads must be 'current', 'all' or the idents of at least one thread"
        f" (threading.get_ident()), not {threads!r}"
    )


def check_living(threads: str | frozenset[int]) -> None:
    """Raises ``UnknownThreadError`` for an ident that no thread with Python frames has."""
    if isinstance(threads, str):
        return
    living = frozenset(sys._current_frames())  # without the frames, one of which is this
    for ident in sorted(threads):
        if ident not in living:
            raise UnknownThreadError(
                f"no thread has the ident {ident}; those that have one: {_names(living)}"
            )


def _names(idents: Iterable[int]) -> str:
    return ", ".join(f"{ident} ({thread_name(ident) or 'no name'})" for ident in sorted(idents))
