"""A program that uses ``sys.monitoring`` itself and then clears every tool that it finds there."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any


def work(number: int) -> int:
    """What is observed."""
    total = 0
    for value in range(number):
        total += abs(value)
    return total


def observed(monitoring: Any, is_local: bool) -> list[str]:
    """Events of ``work``, as a tool of the program's own sees them."""
    events, tool = monitoring.events, monitoring.PROFILER_ID
    seen: list[str] = []

    def started(code: CodeType, offset: int) -> None:
        if code is work.__code__:
            seen.append("started")

    def returned(code: CodeType, offset: int, value: object) -> None:
        if code is work.__code__:
            seen.append(f"returned {value}")

    monitoring.use_tool_id(tool, "program")
    monitoring.register_callback(tool, events.PY_START, started)
    monitoring.register_callback(tool, events.PY_RETURN, returned)
    wanted = events.PY_START | events.PY_RETURN
    if is_local:
        monitoring.set_local_events(tool, work.__code__, wanted)
    else:
        monitoring.set_events(tool, wanted)
    work(5)
    if is_local:
        monitoring.set_local_events(tool, work.__code__, 0)
    monitoring.set_events(tool, 0)
    monitoring.restart_events()
    monitoring.free_tool_id(tool)
    return seen


def run() -> list[object]:
    """All events, in order, and what work still gives when no tool is left."""
    monitoring: Any = getattr(sys, "monitoring")  # noqa: B009 - older versions lack it
    found = [observed(monitoring, is_local) for _ in range(20) for is_local in (False, True)]
    for tool in range(6):
        # A debugger, coverage or an optimizer has the others.
        if tool in (3, 4) and monitoring.get_tool(tool) is not None:
            monitoring.free_tool_id(tool)
    return [all(one == found[0] for one in found), found[0], work(1000)]


if __name__ == "__main__":
    print(run())
