"""Work that a thread does in a copy of the profiled context: linked to the call that awaits it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any, Awaitable, Callable, Iterator

import anyio
import anyio.to_thread
import pytest
from support.sampling import ONE, TWO, FakeClock, sampler
from support.threads import assert_without_gaps, leaf_seconds, run_thread, thread_seconds

from pyinstrument_sampler import Recording


@pytest.fixture(autouse=True)
def all_threads_end() -> Iterator[None]:
    """anyio, and asyncio of 3.8, tell their workers to end and do not wait for that."""
    yield
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(30)


Handover = Callable[[Callable[[], object]], Awaitable[object]]


async def in_executor(work: Callable[[], object]) -> object:
    """What ``asyncio.to_thread`` does, which came with 3.9."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(None, context.run, work)


class Work:
    """Begins when the event loop is idle: then the coroutine that asked for it is suspended."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._is_awaited = threading.Event()

    async def handed_over(self, handover: Handover) -> None:
        asyncio.get_running_loop().call_later(0.01, self._is_awaited.set)
        await handover(self.work)

    def work(self) -> None:
        self._is_awaited.wait()
        self._first()
        self._clock += ONE
        self._second()

    def _first(self) -> None:
        self._clock += ONE

    def _second(self) -> None:
        self._clock += TWO


def functions(recording: Recording, stack: int) -> list[str]:
    return [place.frame.function for place in recording.stack(stack)]


def links(recording: Recording) -> list[tuple[str, str, int]]:
    """Frames that the work shares from ``work`` up, the last two of the origin, seconds."""
    found = []
    for stack, _, origin, duration_ns in zip(*recording.links):
        names = functions(recording, stack)
        shared = names[names.index("work") :] if "work" in names else names[-1:]
        found.append(
            (
                ".".join(shared),
                ".".join(functions(recording, origin)[-2:]),
                duration_ns // 10**9,
            )
        )
    return sorted(found)


def test_work_in_an_executor_is_linked_to_the_call_that_awaits_it(
    engine: str, clock: FakeClock
) -> None:
    async def main() -> Recording:
        with sampler(clock, engine, threads="all") as s:
            await Work(clock).handed_over(in_executor)
        assert s.recording is not None
        return s.recording

    recording = asyncio.run(main())

    assert links(recording) == [("work", "in_executor.[await]", 4)]
    (thread,) = recording.links.thread
    (name,) = set(thread_seconds(recording)) - {"MainThread"}
    assert recording.thread_name(thread) == name
    found = leaf_seconds(recording)[name]
    assert (found["Work.work"], found["Work._first"], found["Work._second"]) == (1, 1, 2)
    assert_without_gaps(recording)


@pytest.mark.skipif(
    not hasattr(asyncio, "to_thread"), reason="asyncio.to_thread came with Python 3.9"
)
def test_to_thread_is_linked(engine: str, clock: FakeClock) -> None:
    async def main() -> Recording:
        with sampler(clock, engine, threads="all") as s:
            to_thread: Any = asyncio.to_thread
            await Work(clock).handed_over(to_thread)
        assert s.recording is not None
        return s.recording

    assert links(asyncio.run(main())) == [("work", "to_thread.[await]", 4)]


def test_worker_threads_of_anyio_are_linked(engine: str, clock: FakeClock) -> None:
    async def main() -> Recording:
        with sampler(clock, engine, threads="all") as s:
            await Work(clock).handed_over(anyio.to_thread.run_sync)
        assert s.recording is not None
        return s.recording

    ((shared, origin, seconds),) = links(anyio.run(main))
    assert (shared, origin.rpartition(".")[2], seconds) == ("work", "[await]", 4)


def test_work_is_linked_where_the_profiled_code_runs_the_loop(
    engine: str, clock: FakeClock
) -> None:
    async def main() -> None:
        await Work(clock).handed_over(in_executor)

    with sampler(clock, engine, threads="all") as s:
        asyncio.run(main())

    assert s.recording is not None
    assert ("work", "in_executor.[await]", 4) in links(s.recording)


def test_work_that_nothing_awaits_has_no_link(engine: str, clock: FakeClock) -> None:
    work = Work(clock)
    work._is_awaited.set()
    with sampler(clock, engine, threads="all") as s:
        context = contextvars.copy_context()
        run_thread(lambda: context.run(work.work))

    assert s.recording is not None
    assert links(s.recording) == []


def test_pieces_of_work_on_one_thread_are_told_apart(engine: str, clock: FakeClock) -> None:
    async def first() -> None:
        await Work(clock).handed_over(in_executor)

    async def second() -> None:
        await Work(clock).handed_over(in_executor)

    async def main() -> Recording:
        with sampler(clock, engine, threads="all") as s:
            await first()
            await second()
        assert s.recording is not None
        return s.recording

    recording = asyncio.run(main())
    found = [
        ([name for name in functions(recording, origin) if name in ("first", "second")], ns)
        for origin, ns in zip(recording.links.origin, recording.links.duration_ns)
    ]
    assert sorted(found) == [(["first"], 4 * 10**9), (["second"], 4 * 10**9)]


def test_time_after_the_work_is_not_linked(engine: str, clock: FakeClock) -> None:
    is_done, may_end = threading.Lock(), threading.Lock()

    async def main() -> Recording:
        work = Work(clock)
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def run(context: contextvars.Context) -> None:
            context.run(work.work)
            is_done.release()
            may_end.acquire()  # without another sample: the clock stands still
            loop.call_soon_threadsafe(future.set_result, None)

        async def awaiting() -> None:
            await future

        async def ending() -> None:
            await loop.run_in_executor(None, is_done.acquire)
            clock.extend(TWO)
            s.stop()
            may_end.release()

        with is_done, may_end, sampler(clock, engine, threads="all") as s:
            thread = threading.Thread(target=run, args=[contextvars.copy_context()])
            thread.start()
            loop.call_later(0.01, work._is_awaited.set)
            others = contextvars.Context().run(asyncio.ensure_future, ending())
            await awaiting()
            await others
            thread.join()
        assert s.recording is not None
        return s.recording

    assert [seconds for _, _, seconds in links(asyncio.run(main()))] == [4]


def test_work_under_way_is_linked_in_a_snapshot(engine: str, clock: FakeClock) -> None:
    async def main() -> tuple[Recording, Recording]:
        work = Work(clock)
        with sampler(clock, engine, threads="all") as s:
            snapshots: list[Recording] = []
            work._second = lambda: snapshots.append(s.snapshot())  # type: ignore[method-assign]
            await work.handed_over(in_executor)
        assert s.recording is not None
        return snapshots[0], s.recording

    snapshot, recording = asyncio.run(main())
    assert links(snapshot) == links(recording) == [("work", "in_executor.[await]", 2)]


def test_thread_that_was_started_without_the_context_is_not_linked(
    engine: str, clock: FakeClock
) -> None:
    with sampler(clock, engine, threads="all") as s:
        run_thread(lambda: clock.append(0))

    assert s.recording is not None
    assert thread_seconds(s.recording)["worker"] == 1
    assert links(s.recording) == []


@pytest.mark.parametrize("options", [{"async_mode": "disabled"}, {"threads": "current"}])
def test_nothing_is_linked_where_it_was_not_asked_for(
    engine: str, clock: FakeClock, options: dict[str, str]
) -> None:
    async def main() -> Recording:
        with sampler(clock, engine, **{"threads": "all", **options}) as s:
            await Work(clock).handed_over(in_executor)
        assert s.recording is not None
        return s.recording

    assert links(asyncio.run(main())) == []
