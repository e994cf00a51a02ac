"""One measurement of our sessions and renderers, in a process of its own; prints JSON.

Started by ``scale.py``. Its argument is a JSON object with ``action`` and what that function
takes.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Callable

import memory


def write(case: str, file: str) -> dict[str, object]:
    """Makes up a session and saves it."""
    from made_up_sessions import CASES

    from pyinstrument_model import Session

    recording = CASES[case]()
    session = Session.from_recording(recording)
    start = time.perf_counter()
    session.save(file)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "bytes": Path(file).stat().st_size,
        "samples": len(recording.samples.stack),
        "stacks": len(set(recording.samples.stack)),
        "rows": len(recording.stacks.parent),
        "length": max(
            map(sum, zip(recording.samples.start_ns, recording.samples.duration_ns)), default=0
        ),
    }


def renderers() -> dict[str, object]:
    """Every renderer of the registry, under the first of its names."""
    from pyinstrument_renderers.registry import renderer_class, renderer_names

    names: dict[type, str] = {}
    for name in renderer_names():
        names.setdefault(renderer_class(name), name)
    return {"names": list(names.values())}


def baseline(file: str) -> dict[str, object]:
    """Peak of a process that has the package imported and the file's bytes in memory."""
    import pyinstrument_model  # noqa: F401 - imported for the memory that it takes

    content = Path(file).read_bytes()
    return {"peak": memory.peak(), "bytes": len(content)}


def render(file: str, renderer: str, target: str = "") -> dict[str, object]:
    """Opens the session and writes a report once, as the command does, cold: the renderer's imports
    are in its time.

    *target*: the report's file; beside the session's, unless given.
    """
    from pyinstrument_model import Session

    start = time.perf_counter()
    session = Session.load(file)
    loaded = time.perf_counter()
    from pyinstrument_renderers.outputs import write_report
    from pyinstrument_renderers.registry import create_renderer

    output = target or f"{file}.report"
    write_report(output, create_renderer(renderer), session)
    rendered = time.perf_counter()
    return {
        "load": loaded - start,
        "render": rendered - loaded,
        "bytes": Path(output).stat().st_size,
        "peak": memory.peak(),
    }


ACTIONS: dict[str, Callable[..., dict[str, object]]] = {
    "write": write,
    "renderers": renderers,
    "baseline": baseline,
    "render": render,
}


def main() -> None:
    """Does what the command line says."""
    task: dict[str, Any] = json.loads(sys.argv[1])
    print(json.dumps(ACTIONS[task.pop("action")](**task)))


if __name__ == "__main__":
    main()
