"""The same as ``session_worker.py`` for the released pyinstrument: one measurement, prints JSON.

Its sessions hold a list of strings for every sample, so they are made from a recording here
rather than read from a file of ours.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

import memory

RENDERERS = {
    "text": "ConsoleRenderer",
    "json": "JSONRenderer",
    "html": "HTMLRenderer",
    "session": "SessionRenderer",
}

_THREAD = "MainThread\0<thread>\0001"
"""The root of every stack."""


def main() -> None:
    """Renders a typical session of ``samples`` samples with ``renderer``."""
    task = json.loads(sys.argv[1])
    # Values and generators only: the sampler's pure modules need nothing installed.
    sys.path.insert(0, task["sampler"])
    renderers = import_module("pyinstrument.renderers")
    before = memory.peak()
    session = _session(task["samples"])
    renderer = getattr(renderers, RENDERERS[task["renderer"]])()
    start = time.perf_counter()
    output = renderer.render(session)
    seconds = time.perf_counter() - start
    grown = memory.peak() - before
    print(json.dumps({"render": seconds, "bytes": len(output.encode()), "grown": grown}))


def _session(samples: int) -> Any:
    """The made-up recording as the released package keeps one."""
    from made_up_sessions import typical

    session: Any = import_module("pyinstrument.session")
    recording = typical(samples)
    names: dict[int, str] = {}
    records: list[tuple[list[str], float]] = []
    for sample in recording.iter_samples():
        stack, identifiers = sample.stack, []
        while stack:
            location = recording.stacks.location[stack]
            if location not in names:
                names[location] = _identifier(recording, location)
            # A new string each time: that is how they come out of its sampler.
            identifiers.append("".join(list(names[location])))
            stack = recording.stacks.parent[stack]
        identifiers.append(_THREAD)
        records.append((identifiers[::-1], sample.duration_ns / 1e9))
    return session.Session(
        frame_records=records,
        start_time=0.0,
        duration=sum(duration for _, duration in records),
        min_interval=0.001,
        max_interval=0.001,
        sample_count=len(records),
        start_call_stack=[_THREAD],
        target_description="made up",
        cpu_time=1.0,
        sys_path=["/home/me/app"],
        sys_prefixes=["/usr"],
    )


def _identifier(recording: Any, location: int) -> str:
    """Function, file and line of the definition, then attributes: the line (l), the class (c)."""
    frame = recording.frame(recording.locations.frame[location])
    text = f"{frame.function}\0{frame.file}\0{frame.first_line}"
    if frame.class_name:
        text += f"\1c{frame.class_name}"
    return f"{text}\1l{recording.locations.line[location]}"


if __name__ == "__main__":
    main()
