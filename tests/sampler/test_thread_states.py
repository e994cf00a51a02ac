"""What other threads do for the profiled context is told apart from what else they do."""

from __future__ import annotations

import contextvars

import pytest
from support.sampling import FakeClock, sampler
from support.threads import run_thread

from pyinstrument_sampler import Recording
from pyinstrument_sampler.recording import SampleState


def seconds_by_state(recording: Recording) -> dict[str, int]:
    """Seconds of the threads that did not start the run."""
    found: dict[str, int] = {}
    for sample in recording.iter_samples():
        if sample.thread and sample.duration_ns:
            name = SampleState(sample.state).name
            found[name] = found.get(name, 0) + sample.duration_ns // 10**9
    return found


@pytest.mark.parametrize(
    ("async_mode", "expected"),
    [("enabled", {"RUNNING": 1, "OUT_OF_CONTEXT": 2}), ("disabled", {"RUNNING": 3})],
)
def test_a_thread_works_in_the_profiled_context_or_out_of_it(
    engine: str, clock: FakeClock, async_mode: str, expected: dict[str, int]
) -> None:
    def work() -> None:
        def in_context() -> None:
            clock.append(0)

        context.run(in_context)
        clock.append(0)
        clock.append(0)

    with sampler(clock, engine, threads="all", async_mode=async_mode) as s:
        context = contextvars.copy_context()
        run_thread(work)

    assert s.recording is not None
    assert seconds_by_state(s.recording) == expected
