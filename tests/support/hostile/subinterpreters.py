"""Other interpreters in the same thread, made, run and destroyed."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import Any

CODE = """
import os
def work(number):
    return sum(sorted(range(number), key=lambda value: -value))
os.write({descriptor}, b"%d " % sum(work(number) for number in range(100)))
"""


def interpreters() -> ModuleType:
    """The module that makes them; its name depends on the version."""
    try:
        return import_module("_interpreters")
    except ModuleNotFoundError:
        return import_module("_xxsubinterpreters")


def create(module: Any, is_isolated: bool) -> Any:
    """One with a GIL of its own, where the version has that, or one that shares it."""
    if module.__name__ == "_interpreters":
        return module.create("isolated" if is_isolated else "legacy")
    try:
        return module.create(isolated=is_isolated)
    except TypeError:  # older than the difference
        return module.create()


def run() -> str:
    """What they sent through a pipe, and what this one computes in between."""
    module: Any = interpreters()
    reader, writer = os.pipe()
    for number in range(4):
        other = create(module, number % 2 == 0)
        module.run_string(other, CODE.format(descriptor=writer))
        module.destroy(other)
        os.write(writer, b"%d " % len(sorted(range(number), key=lambda value: -value)))
    os.close(writer)
    sent = os.read(reader, 1000)
    os.close(reader)
    return sent.decode()


if __name__ == "__main__":
    print(run())
