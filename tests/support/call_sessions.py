"""Small sessions, made of stacks that read like the code they stand for."""

from __future__ import annotations

from typing import NamedTuple, Sequence, Tuple, Union

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import RecordingFacts
from pyinstrument_sampler.recording_builder import RecordingBuilder

MS = 1_000_000


class Call(NamedTuple):
    """A Python function on a stack."""

    function: str
    file: str
    first_line: int
    class_name: str = ""
    line: int = 0


Entry = Union[Call, Tuple[str, str, int], str]
"""A tuple is the start of a call; a string is a native function ``module:name``, or a synthetic
frame like ``[await]``."""
Samples = Sequence[Tuple[Union[str, Sequence[Entry]], int]]
"""Stacks, root first, with milliseconds; one sample each. A string is names for ``named_calls``."""


def make_facts(**changes: object) -> RecordingFacts:
    facts = RecordingFacts(
        engine="reference",
        engine_reason="reference is the best engine available here",
        async_mode="disabled",
        interval_ns=1 * MS,
        start_time_ns=1_700_000_000_250_000_000,
        duration_ns=1000 * MS,
        process_cpu_ns=250 * MS,
        sample_count=1000,
        ticks_asked=1000,
        ticks_late=0,
        own_cpu_ns=0,
        clock="monotonic",
        cpu_clock="",
        stem=0,
        argv=("app.py",),
        python="CPython 3.12.1",
        platform="linux x86_64",
        sampler_version="1.2.3",
        pid=1,
    )
    return facts._replace(**changes)  # type: ignore[arg-type]  # names are checked by the call


def named_calls(names: str) -> list[Entry]:
    """Functions of the application, or ``library:function``; all at line 10 of their file."""
    found: list[Entry] = []
    for name in names.split(" "):
        library, _, function = name.rpartition(":")
        file = f"/usr/lib/python3/{library}/{library}.py" if library else "/app/app.py"
        is_call = not name.startswith("[")
        found.append((function, file, 1 if name == "<module>" else 10) if is_call else name)
    return found


def make_session(
    samples: Samples,
    title: str = "Program: app.py",
    sources: dict[str, dict[int, str]] | None = None,
    **facts: object,
) -> Session:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    for entries, milliseconds in samples:
        if isinstance(entries, str):
            entries = named_calls(entries)
        stack = 0
        for entry in entries:
            if not isinstance(entry, str):
                call = Call(*entry)
                frame = builder.frame(
                    call.function, call.file, call.first_line, class_name=call.class_name
                )
                stack = builder.stack(stack, builder.location(frame, call.line))
            elif entry.startswith("["):
                stack = builder.stack(stack, builder.location(builder.synthetic_frame(entry)))
            else:
                module, _, name = entry.rpartition(":")
                frame = builder.native_frame(name, module)
                stack = builder.stack(stack, builder.location(frame))
        builder.add_sample(stack, milliseconds * MS)
    return Session(
        builder.build(make_facts(**facts)),
        title,
        sys_path=("/app", "/usr/lib/python3"),
        sys_prefixes=("/usr",),
        sources=sources,
    )


MODULE = Call("<module>", "/app/app.py", 1, line=30)
MAIN = Call("main", "/app/app.py", 20, line=21)
WORK = Call("work", "/app/app.py", 3, "Worker", line=5)
DUMPS = Call("dumps", "/usr/lib/python3/json/__init__.py", 183, line=200)
ENCODE = Call("encode", "/usr/lib/python3/json/encoder.py", 183, "JSONEncoder", line=190)
ITERENCODE = Call("iterencode", "/usr/lib/python3/json/encoder.py", 205, "JSONEncoder", line=210)
CONVERT = Call("convert", "/app/app.py", 40, line=41)

EXAMPLE: Samples = [
    ((MODULE, MAIN, WORK), 300),
    ((MODULE, MAIN, WORK, "time:sleep"), 350),
    ((MODULE, MAIN, DUMPS, ENCODE, ITERENCODE), 150),
    ((MODULE, MAIN, DUMPS, ENCODE), 30),
    ((MODULE, MAIN, WORK._replace(line=6)), 100),
    ((MODULE, MAIN), 67),
    ((MODULE,), 3),
]
"""An application that works, sleeps and dumps JSON, within one second."""


def example_session() -> Session:
    """The example, with two of its source lines."""
    return make_session(
        EXAMPLE,
        sources={"/app/app.py": {5: "    total += step(item)", 6: "    time.sleep(0.1)"}},
    )
