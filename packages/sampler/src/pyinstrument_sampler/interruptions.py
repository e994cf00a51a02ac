"""Tells what a signal handler of the program raised from what the code raised that it interrupted.

A handler may run after any bytecode, also within a ``try`` of ours that means something else.
"""

from __future__ import annotations

import sys
from types import CodeType, FunctionType, MethodType


def is_of_signal_handler(error: BaseException) -> bool:
    """Whether *error*, just caught, came out of a handler: then it is the program's.

    Knows functions and methods, while they are installed: handlers that take themselves away first,
    and other objects, are rare.
    """
    signal = sys.modules.get("signal")
    if signal is None:  # without it there are no handlers
        return False
    codes = {_code_of(signal.getsignal(number)) for number in range(1, signal.NSIG)} - {None}
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code in codes:
            return True
        traceback = traceback.tb_next
    return False


def _code_of(handler: object) -> CodeType | None:
    if type(handler) is MethodType:
        handler = handler.__func__
    return handler.__code__ if type(handler) is FunctionType else None
