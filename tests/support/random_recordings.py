"""Strategies for recordings and sessions that hold what readers must cope with."""

from __future__ import annotations

from random import Random
from typing import NamedTuple, Sequence

from hypothesis import strategies as st

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import Recording, RecordingFacts, SampleState
from pyinstrument_sampler.recording_builder import RecordingBuilder, empty_link_table

SYS_PATH = ("/home/me/app", "/usr/lib/python3.12", "/usr/lib/python3/dist-packages")
SYS_PREFIXES = ("/usr",)


class MadeUpFrame(NamedTuple):
    """A frame by the fields that readers look at."""

    function: str
    file: str
    first_line: int
    class_name: str = ""
    hidden: bool = False


FRAMES = [
    MadeUpFrame("<module>", "/home/me/app/main.py", 1),
    MadeUpFrame("main", "/home/me/app/main.py", 5),
    MadeUpFrame("walk", "/home/me/app/walk.py", 3, class_name="Dog"),
    MadeUpFrame("walk", "/home/me/app/walk.py", 3, class_name="Cat"),
    MadeUpFrame("wrapper", "/home/me/app/wrap.py", 2, hidden=True),
    MadeUpFrame("inner", "/home/me/app/wrap.py", 9, hidden=True),
    MadeUpFrame("_find_and_load", "<frozen importlib._bootstrap>", 1100),
    MadeUpFrame("exec_module", "<frozen importlib._bootstrap_external>", 900, "SourceFileLoader"),
    MadeUpFrame("loads", "/usr/lib/python3.12/json/__init__.py", 299),
    MadeUpFrame("decode", "/usr/lib/python3.12/json/decoder.py", 332, class_name="JSONDecoder"),
    MadeUpFrame("get", "/usr/lib/python3/dist-packages/requests/api.py", 62),
    MadeUpFrame("<module>", "<string>", 1),
    MadeUpFrame("__init__", "<string>", 2, class_name="Dog"),
    MadeUpFrame("__init__", "<string>", 2, class_name="Cat"),
    MadeUpFrame("__init__", "<string>", 2),
    MadeUpFrame("run", "/home/me/.venv/lib/python3.12/site-packages/pyinstrument/run.py", 12),
    MadeUpFrame("run_path", "<frozen runpy>", 262),
    MadeUpFrame("café", "/home/me/app/undecodable_\udce9.py", 7),
]
HIDDEN_AND_NOT = [frame for frame in FRAMES if frame.hidden or frame.function == "main"]
NAMES = ["Thread-1 (work)", "ThreadPoolExecutor-0_0", "worker", "worker", ""]
NATIVE = [("sleep", "time"), ("list.sort", None), ("exec", "builtins")]
LEAVES = [("[await]", SampleState.AWAITED), ("[out-of-context]", SampleState.OUT_OF_CONTEXT)]


@st.composite
def recordings(
    draw: st.DrawFn, *, threads: int = 2, frames: Sequence[MadeUpFrame] = FRAMES
) -> Recording:
    """Few functions, met often, so that paths meet and part.

    Drawn by a generator of its own: what hypothesis draws piece by piece is mostly very simple.
    """
    chance = Random(draw(st.integers(0, 2**32)))
    builder = RecordingBuilder()
    places = []
    for made_up in chance.sample(frames, chance.randint(1, min(5, len(frames)))):
        frame = builder.frame(
            made_up.function,
            made_up.file,
            made_up.first_line,
            class_name=made_up.class_name,
            hidden=made_up.hidden,
        )
        places += [builder.location(frame, line) for line in range(chance.randint(1, 2))]

    def above(stack: int, at_most: int) -> int:
        for place in chance.choices(places, k=chance.randint(0, at_most)):
            stack = builder.stack(stack, place)
        return stack

    stem = above(0, 3)
    thread_count = chance.randint(1, threads)
    for thread in range(thread_count):
        builder.thread(4000 + thread, chance.choice(NAMES) if thread else "MainThread")
    stacks = [0, stem]
    for _ in range(draw(st.integers(0, 14))):
        stack = above(chance.choice([stem, *stacks]), 3)
        stacks.append(stack)
        state = SampleState.RUNNING
        ending = chance.choice(["python", "python", "native", "synthetic"])
        if ending == "native":
            native = builder.native_frame(*chance.choice(NATIVE))
            stack = builder.stack(stack, builder.location(native))
        elif ending == "synthetic":
            name, state = chance.choice(LEAVES)
            stack = builder.stack(stack, builder.location(builder.synthetic_frame(name)))
        duration = chance.choice([0, 1, 2, 4, 8, 8])  # sums that meet a threshold exactly
        builder.add_sample(
            stack,
            duration,
            thread=chance.randrange(thread_count),
            ticks=chance.randint(1, 3),
            cpu_ns=chance.randint(0, duration),
            state=state,
        )
    # Their own generator: what is drawn above stays what it was.
    own = Random(len(stacks) * thread_count)
    links = empty_link_table()
    for _ in range(own.choice([0, 0, 1, 3])):
        links.stack.append(own.choice(stacks))
        links.thread.append(own.randrange(thread_count))
        links.origin.append(own.choice(stacks))
        links.duration_ns.append(own.randint(0, 9))
    return builder.build(draw(facts(stem)), links=links)


@st.composite
def facts(draw: st.DrawFn, stem: int) -> RecordingFacts:
    """Facts whose numbers vary; they need not agree with the samples."""
    number = draw(st.integers(0, 1000))
    return RecordingFacts(
        engine=draw(st.sampled_from(["setprofile", "monitoring"])),
        engine_reason="it is the best here",
        async_mode="enabled",
        interval_ns=draw(st.sampled_from([100_000, 1_000_000, 10_000_000])),
        start_time_ns=draw(st.integers(0, 4000)),
        duration_ns=number * 7,
        process_cpu_ns=number * 3,
        sample_count=number,
        ticks_asked=number + 1,
        ticks_late=number // 2,
        own_cpu_ns=number // 3,
        clock="monotonic",
        cpu_clock="thread",
        stem=stem,
        argv=("prog.py", "--flag"),
        python="CPython 3.12.1",
        platform="linux x86_64",
        sampler_version="1.0.0",
        pid=number,
        notes=draw(st.sampled_from([(), ("a note",), ("a note", "another")])),
        threads=draw(st.sampled_from(["current", "all"])),
    )


@st.composite
def sessions(
    draw: st.DrawFn, *, threads: int = 2, frames: Sequence[MadeUpFrame] = FRAMES
) -> Session:
    """Sessions around :func:`recordings`."""
    recording = draw(recordings(threads=threads, frames=frames))
    lines = st.dictionaries(st.integers(1, 9), st.sampled_from(["x = 1", "    y()", ""]))
    return Session(
        recording,
        draw(st.sampled_from(["Program: main.py", "a </script> title", ""])),
        sys_path=SYS_PATH,
        sys_prefixes=SYS_PREFIXES,
        sources=draw(st.dictionaries(st.sampled_from(["/home/me/app/main.py", "/b.py"]), lines)),
        max_interval_ns=draw(st.sampled_from([None, 20_000_000])),
    )
