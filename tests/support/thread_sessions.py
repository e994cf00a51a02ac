"""Sessions of several threads, made of stacks written as words."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple, Sequence

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import LinkTable, SampleState
from pyinstrument_sampler.recording_builder import RecordingBuilder

from .made_up_sessions import MS, make_facts

START = "threading/_bootstrap threading/_bootstrap_inner threading/run"
"""What is below a thread's own function."""
WORKER = f"{START} pool/worker pool/run"
"""What is below a function that a thread pool runs."""


class Spent(NamedTuple):
    """A sample; its thread is a place in the list of names."""

    thread: int
    stack: str
    """``main`` is a function of ``/app/app.py``, ``pool/run`` of a library, ``time:sleep`` native,
    ``[await]`` synthetic."""
    milliseconds: int
    cpu: int = 0
    """Milliseconds."""


class Link(NamedTuple):
    """Work that was awaited."""

    thread: int
    stack: str
    origin: str
    milliseconds: int


def thread_session(
    names: Sequence[str],
    samples: Sequence[Spent],
    links: Sequence[Link] = (),
    stem: str = "",
    **facts: Any,
) -> Session:
    """A session of threads with these *names* and the idents 100, 101 …"""
    builder = RecordingBuilder()
    for place, name in enumerate(names):
        builder.thread(100 + place, name)
    for thread, words, milliseconds, cpu in samples:
        state = SampleState.AWAITED if words.endswith("[await]") else SampleState.RUNNING
        stack = _stack(builder, words)
        builder.add_sample(stack, milliseconds * MS, thread=thread, cpu_ns=cpu * MS, state=state)
    table = LinkTable(
        stack=array("I", [_stack(builder, link.stack) for link in links]),
        thread=array("I", [link.thread for link in links]),
        origin=array("I", [_stack(builder, link.origin) for link in links]),
        duration_ns=array("q", [link.milliseconds * MS for link in links]),
    )
    known = {"threads": "all", "stem": _stack(builder, stem), "ticks_late": 0, **facts}
    return Session(
        builder.build(make_facts(**known), links=table),
        "Program: app.py",
        sys_path=["/app", "/usr/lib/python3"],
        sys_prefixes=["/usr"],
    )


def _stack(builder: RecordingBuilder, words: str) -> int:
    stack = 0
    for word in words.split():
        if word.startswith("["):
            frame = builder.synthetic_frame(word)
        elif ":" in word:
            module, _, name = word.partition(":")
            frame = builder.native_frame(name, module)
        else:
            library, _, name = word.rpartition("/")
            file = f"/usr/lib/python3/{library}.py" if library else "/app/app.py"
            frame = builder.frame(name, file, 1)
        stack = builder.stack(stack, builder.location(frame))
    return stack


AT_WORK = thread_session(
    ["MainThread", "ThreadPoolExecutor-0_0", "worker", "worker", ""],
    [
        Spent(0, "boot <module> main work", 500, cpu=495),
        Spent(0, "boot <module> main handler aio/to_thread [await]", 512, cpu=2),
        Spent(0, "boot <module> main sleep_a_bit time:sleep", 1000, cpu=20),
        Spent(1, f"{WORKER} crunch", 512, cpu=300),
        Spent(1, f"{START} pool/worker queue:get", 1500),
        Spent(2, f"{START} busy", 990, cpu=950),
        Spent(3, f"{START} busy", 490, cpu=100),
        Spent(4, f"{START} idle queue:get", 10),
    ],
    [Link(1, f"{WORKER} crunch", "boot <module> main handler aio/to_thread", 512)],
    stem="boot <module>",
    duration_ns=2012 * MS,
    sample_count=2000,
    process_cpu_ns=1900 * MS,
)
"""A program that works, sleeps, and awaits what a thread pool does, beside three other threads."""
