"""NumPy's operators: slow C code that no call leads into."""

from __future__ import annotations

from importlib import import_module
from typing import Any

numpy: Any = import_module("numpy")  # by name: type checkers need not have it

UNITS = 8
SHARES = {"heavy": 3, "light": 1}

VALUES = numpy.arange(8_000, dtype="float64")


def heavy() -> Any:
    """Three operations of equal length."""
    x = VALUES / 3.0
    x = VALUES / 5.0
    x = VALUES / 7.0
    return x


def light() -> Any:
    """One of them."""
    x = VALUES / 3.0
    return x


def work(n: int) -> None:
    """Both in alternation."""
    for _ in range(n):
        heavy()
        light()
