"""Runs under a debugger that traces it and waits for a client that never comes."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# Else it prints, with the time, that it cannot see the interpreter's frozen modules.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
os.environ["DEBUGPY_PROCESS_SPAWN_TIMEOUT"] = "60"  # older ones wait 15 s
debugpy: Any = import_module("debugpy")  # by name: not installed everywhere


def work(number: int) -> int:
    """Something to trace."""
    return sum(sorted(range(number), key=lambda value: -value))


def run() -> list[object]:
    """What work gives before, while and after it is traced."""
    found: list[object] = [work(100)]
    debugpy.configure(subProcess=False)
    debugpy.listen(("127.0.0.1", 0))
    debugpy.trace_this_thread(True)
    found += [sum(work(number) for number in range(100)), debugpy.is_client_connected()]
    debugpy.trace_this_thread(False)
    return [*found, work(100)]


if __name__ == "__main__":
    print(run())
