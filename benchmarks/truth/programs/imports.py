"""A module and a package that are imported again and again: frames of the import machinery."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

UNITS = 2

# An installed package may bring a finder of its own: not every environment has the same.
sys.meta_path[:] = [one for one in sys.meta_path if one.__module__.startswith("_frozen")]

NAMES = ("colorsys", "this_is_not_there", "json.tool")


def forget(name: str) -> None:
    """Makes the next import of it a real one."""
    sys.modules.pop(name, None)


def again(name: str) -> ModuleType | None:
    """Imports a module anew, if it exists."""
    forget(name)
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def work(n: int) -> None:
    """All of them, *n* times."""
    for _ in range(n):
        for name in NAMES:
            again(name)
