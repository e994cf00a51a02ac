"""Asks ``allow`` and ``when`` about a request, which are functions of the program."""

from __future__ import annotations

import inspect
from typing import Any, Callable

from .errors import InvalidSettingError


def is_true_for(function: Callable[[Any], object], request: Any) -> bool:
    """Whether *function* says yes. Raises what it raises, ``InvalidSettingError`` for a coroutine.

    A coroutine is true like any object: taking it for an answer would let everybody in.
    """
    answer = function(request)
    if inspect.isawaitable(answer):
        if inspect.iscoroutine(answer):
            answer.close()  # else Python warns that nobody awaited it
        raise InvalidSettingError(f"its answer must not be awaited for, but be given: {function!r}")
    return bool(answer)


def is_coroutine_function(function: object) -> bool:
    """Whether calling it gives a coroutine, as far as can be told before."""
    call = getattr(function, "__call__", None)  # noqa: B004  # the method itself is wanted
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)
