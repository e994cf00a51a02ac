"""Strategies for recordings and sessions that hold what readers must cope with."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import Recording, RecordingFacts, SampleState
from pyinstrument_sampler.recording_builder import RecordingBuilder

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
    MadeUpFrame("café", "/home/me/app/undecodable_\udce9.py", 7),
]
NATIVE = [("sleep", "time"), ("list.sort", None), ("exec", "builtins")]
LEAVES = [("[await]", SampleState.AWAITED), ("[out-of-context]", SampleState.OUT_OF_CONTEXT)]


@st.composite
def recordings(draw: st.DrawFn, *, threads: int = 2) -> Recording:
    """Up to 12 samples of up to 6 frames each, so that paths meet and part."""
    builder = RecordingBuilder()
    frames = [
        builder.frame(f.function, f.file, f.first_line, class_name=f.class_name, hidden=f.hidden)
        for f in FRAMES
    ]
    natives = [builder.native_frame(*native) for native in NATIVE]
    # Few of them a recording, and those often: else no two paths ever meet.
    chosen = draw(st.lists(st.sampled_from(frames), min_size=1, max_size=4))
    steps = st.tuples(st.sampled_from(chosen), st.integers(0, 2))
    stem = 0
    for frame, line in draw(st.lists(steps, max_size=3)):
        stem = builder.stack(stem, builder.location(frame, line))
    for thread in range(draw(st.integers(1, threads))):
        builder.thread(4000 + thread, f"Thread-{thread}" if thread else "MainThread")
    thread_count = thread + 1
    for _ in range(draw(st.integers(0, 12))):
        stack = draw(st.sampled_from([0, stem]))
        for frame, line in draw(st.lists(steps, max_size=5)):
            stack = builder.stack(stack, builder.location(frame, line))
        state = SampleState.RUNNING
        ending = draw(st.sampled_from(["python", "native", "synthetic"]))
        if ending == "native":
            native = draw(st.sampled_from(natives))
            stack = builder.stack(stack, builder.location(native))
        elif ending == "synthetic":
            name, state = draw(st.sampled_from(LEAVES))
            stack = builder.stack(stack, builder.location(builder.synthetic_frame(name)))
        duration = draw(st.sampled_from([0, 1, 5, 10, 400, 1000]))
        builder.add_sample(
            stack,
            duration,
            thread=draw(st.integers(0, thread_count - 1)),
            ticks=draw(st.integers(1, 3)),
            cpu_ns=draw(st.integers(0, duration)),
            state=state,
        )
    return builder.build(draw(facts(stem)))


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
    )


@st.composite
def sessions(draw: st.DrawFn, *, threads: int = 2) -> Session:
    """Sessions around :func:`recordings`."""
    recording = draw(recordings(threads=threads))
    lines = st.dictionaries(st.integers(1, 9), st.sampled_from(["x = 1", "    y()", ""]))
    return Session(
        recording,
        draw(st.sampled_from(["Program: main.py", "a </script> title", ""])),
        sys_path=SYS_PATH,
        sys_prefixes=SYS_PREFIXES,
        sources=draw(st.dictionaries(st.sampled_from(["/home/me/app/main.py", "/b.py"]), lines)),
        max_interval_ns=draw(st.sampled_from([None, 20_000_000])),
    )
