"""Facts of a recording that nobody made."""

from __future__ import annotations

from typing import Any

from pyinstrument_sampler.recording import RecordingFacts


def some_facts(**known: Any) -> RecordingFacts:
    """Facts with round values; *known* ones replace them."""
    return RecordingFacts(
        engine="reference",
        engine_reason="reference was asked for",
        async_mode="enabled",
        interval_ns=1_000_000,
        start_time_ns=1_700_000_000_000_000_000,
        duration_ns=30,
        process_cpu_ns=20,
        sample_count=3,
        ticks_asked=0,
        ticks_late=0,
        own_cpu_ns=1,
        clock="monotonic",
        cpu_clock="thread",
        stem=0,
        argv=("program.py",),
        python="CPython 3.12.1",
        platform="linux x86_64",
        sampler_version="1.0.0",
        pid=1234,
    )._replace(**known)
