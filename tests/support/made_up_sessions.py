"""Small sessions written down by hand."""

from __future__ import annotations

from typing import Any

from pyinstrument_model.session import Session
from pyinstrument_sampler.recording import RecordingFacts, SampleState
from pyinstrument_sampler.recording_builder import RecordingBuilder

MS = 1_000_000


def make_facts(**changed: Any) -> RecordingFacts:
    """Facts of an ordinary run of ten milliseconds."""
    facts = RecordingFacts(
        engine="setprofile",
        engine_reason="it is the best here",
        async_mode="enabled",
        interval_ns=MS,
        start_time_ns=1_700_000_000 * 1000 * MS,
        duration_ns=10 * MS,
        process_cpu_ns=4 * MS,
        sample_count=3,
        ticks_asked=10,
        ticks_late=1,
        own_cpu_ns=1000,
        clock="monotonic",
        cpu_clock="thread",
        stem=0,
        argv=("prog.py",),
        python="CPython 3.12.1",
        platform="linux x86_64",
        sampler_version="1.0.0",
        pid=77,
    )
    return facts._replace(**changed)


def small_session(**changed: Any) -> Session:
    """``<module>`` calls ``main`` (5 ms itself), which sleeps (3 ms) and awaits (2 ms).

    *changed* are facts that differ from the ordinary.
    """
    builder = RecordingBuilder()
    builder.thread(4711, "MainThread")
    module = builder.stack(
        0, builder.location(builder.frame("<module>", "/home/me/app/main.py", 1), 9)
    )
    main = builder.frame("Tea.main", "/home/me/app/main.py", 3, class_name="Tea")
    first, second = builder.location(main, 4), builder.location(main, 6)
    asleep = builder.location(builder.native_frame("sleep", "time"))
    awaiting = builder.location(builder.synthetic_frame("[await]"))
    on_second = builder.stack(module, second)
    builder.add_sample(builder.stack(module, first), 5 * MS, cpu_ns=4 * MS)
    builder.add_sample(builder.stack(on_second, asleep), 3 * MS)
    builder.add_sample(builder.stack(on_second, awaiting), 2 * MS, state=SampleState.AWAITED)
    return Session(
        builder.build(make_facts(stem=module, **changed)),
        "Program: main.py",
        sys_path=["/home/me/app", "/usr/lib/python3.12"],
        sys_prefixes=["/usr"],
        sources={"/home/me/app/main.py": {4: "x = 1", 6: "    await sleep()"}},
    )
