"""Time of an asynchronous context, engine by engine: run by it, awaited by it, or not its own."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import types
import weakref
from typing import Any, AsyncIterator, Callable, Coroutine, Generator, cast

import pytest
from support.sampling import ONE, THREE, TWO, FakeClock, sampler, states

from pyinstrument_sampler import Recording, Sampler

Main = Callable[[], Coroutine[Any, Any, Recording]]


@pytest.fixture(params=["asyncio", "trio", "anyio on asyncio", "anyio on trio"])
def run(request: pytest.FixtureRequest) -> Callable[[Main], Recording]:
    """Runs a coroutine function in an event loop."""
    if request.param == "asyncio":
        return lambda main: asyncio.run(main())
    if request.param == "trio":
        trio: Any = pytest.importorskip("trio")
        return lambda main: cast(Recording, trio.run(main))
    anyio: Any = pytest.importorskip("anyio")
    backend = request.param.split()[-1]
    if backend == "trio":
        pytest.importorskip("trio")
    return lambda main: cast(Recording, anyio.run(main, backend=backend))


@types.coroutine
def turn() -> Generator[str, None, None]:
    """Lets the other coroutine run."""
    yield "turn"


def drive(main: Coroutine[Any, Any, Recording], other: Coroutine[Any, Any, Any]) -> Recording:
    """An event loop of two tasks, each in a context of its own: *other*'s part after each turn."""
    contexts = [contextvars.copy_context(), contextvars.copy_context()]
    while True:
        try:
            contexts[0].run(main.send, None)
        except StopIteration as stop:
            other.close()
            recording: Recording = stop.value
            return recording
        contexts[1].run(other.send, None)


async def others(clock: FakeClock) -> None:
    while True:
        clock += TWO
        await turn()


def after_loop(found: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Without the frames of the loop, which differ from version to version."""
    return [(path.split("drive > ")[-1], state, duration) for path, state, duration in found]


def test_time_in_context_is_shown_as_it_is(
    engine: str, clock: FakeClock, run: Callable[[Main], Recording]
) -> None:
    async def work() -> None:
        nonlocal clock
        clock += ONE
        clock.append(0)

    async def main() -> Recording:
        nonlocal clock
        s = sampler(clock, engine)
        s.start()
        await work()
        clock += THREE
        return s.stop()

    assert states(run(main)) == [
        ("work", "RUNNING", 1),
        ("work > FakeClock.append", "RUNNING", 1),
        ("", "RUNNING", 3),
    ]


def test_time_of_other_tasks_belongs_to_what_is_awaited(engine: str, clock: FakeClock) -> None:
    async def inner() -> None:
        await turn()

    async def main() -> Recording:
        nonlocal clock
        s = sampler(clock, engine)
        s.start()
        clock += ONE
        await inner()
        clock += THREE
        return s.stop()

    assert after_loop(states(drive(main(), others(clock)))) == [
        ("", "RUNNING", 1),
        ("inner > turn > [await]", "AWAITED", 2),
        ("", "RUNNING", 3),
    ]


def test_awaited_time_goes_through_asynchronous_generators(engine: str, clock: FakeClock) -> None:
    async def generate() -> AsyncIterator[int]:
        await turn()
        yield 1

    async def main() -> Recording:
        s = sampler(clock, engine)
        s.start()
        async for _ in generate():
            pass
        return s.stop()

    assert after_loop(states(drive(main(), others(clock)))) == [
        ("generate > turn > [await]", "AWAITED", 2)
    ]


def test_awaited_time_goes_through_asynchronous_context_managers(
    engine: str, clock: FakeClock
) -> None:
    class Manager:
        async def __aenter__(self) -> None:
            await turn()

        async def __aexit__(self, *_: object) -> None:
            await turn()

    async def main() -> Recording:
        s = sampler(clock, engine)
        s.start()
        async with Manager():
            pass
        return s.stop()

    assert after_loop(states(drive(main(), others(clock)))) == [
        ("Manager.__aenter__ > turn > [await]", "AWAITED", 2),
        ("Manager.__aexit__ > turn > [await]", "AWAITED", 2),
    ]


def test_awaited_c_functions_of_other_tasks_are_not_shown(engine: str, clock: FakeClock) -> None:
    async def other() -> None:
        while True:
            clock.append(0)
            await turn()

    async def main() -> Recording:
        s = sampler(clock, engine)
        s.start()
        await turn()
        return s.stop()

    assert after_loop(states(drive(main(), other()))) == [("turn > [await]", "AWAITED", 1)]


@pytest.mark.parametrize("async_mode", ["enabled", "strict"])
def test_awaited_time_is_the_same_in_both_modes(
    engine: str, clock: FakeClock, async_mode: str
) -> None:
    async def main() -> Recording:
        s = sampler(clock, engine, async_mode=async_mode)
        s.start()
        await turn()
        return s.stop()

    assert after_loop(states(drive(main(), others(clock)))) == [("turn > [await]", "AWAITED", 2)]


def test_disabled_shows_whatever_the_thread_runs(engine: str, clock: FakeClock) -> None:
    async def main() -> Recording:
        s = sampler(clock, engine, async_mode="disabled")
        s.start()
        await turn()
        return s.stop()

    (found,) = after_loop(states(drive(main(), others(clock))))
    assert (found[0].split(" > ")[-1], *found[1:]) == ("others", "RUNNING", 2)


def foreign(clock: FakeClock) -> None:
    clock += TWO


@pytest.mark.parametrize(
    ("async_mode", "expected"),
    [
        ("enabled", ("foreign", "OUT_OF_CONTEXT", 2)),
        ("strict", ("[out-of-context]", "OUT_OF_CONTEXT", 2)),
        ("disabled", ("foreign", "RUNNING", 2)),
    ],
)
def test_time_of_another_context_while_nothing_is_awaited(
    engine: str, clock: FakeClock, async_mode: str, expected: tuple[str, str, int]
) -> None:
    context = contextvars.copy_context()
    with sampler(clock, engine, async_mode=async_mode) as s:
        context.run(foreign, clock)
        clock += ONE

    assert s.recording is not None
    assert states(s.recording) == [expected, ("", "RUNNING", 1)]


def test_tasks_that_the_profiled_one_makes_are_in_context(engine: str, clock: FakeClock) -> None:
    async def child() -> None:
        nonlocal clock
        clock += ONE
        await asyncio.sleep(0)
        clock += TWO

    async def main() -> Recording:
        s = sampler(clock, engine)
        s.start()
        await asyncio.gather(child(), child())
        return s.stop()

    found = [
        (path.split(" > ")[-1], state, duration)
        for path, state, duration in states(asyncio.run(main()))
    ]
    # One after the other, each first to its sleep.
    assert found == [("child", "RUNNING", 2), ("child", "RUNNING", 4)]


def test_tasks_made_before_the_start_are_not_in_context(engine: str, clock: FakeClock) -> None:
    async def other() -> None:
        nonlocal clock
        clock += TWO

    async def main() -> Recording:
        task = asyncio.ensure_future(other())
        s = sampler(clock, engine)
        s.start()
        await asyncio.sleep(0)
        recording = s.stop()
        await task
        return recording

    assert states(asyncio.run(main())) == [("sleep > __sleep0 > [await]", "AWAITED", 2)]


def test_the_wait_of_a_loop_belongs_to_its_main_task(engine: str) -> None:
    # In real time, since a fake clock cannot move while the loop waits in C.
    async def inner() -> None:
        await asyncio.sleep(0.05)

    async def main() -> None:
        await inner()

    with Sampler(0.001, engine=engine) as s:
        asyncio.run(main())

    assert s.recording is not None
    awaited = [
        (path, sum(d for p, state, d in _milliseconds(s.recording) if p == path))
        for path in {p for p, state, _ in _milliseconds(s.recording) if state == "AWAITED"}
    ]
    ((path, milliseconds),) = awaited
    assert path.endswith("_run_once > _run > main > inner > sleep > [await]")
    assert milliseconds >= 40


def test_the_wait_of_trio_belongs_to_its_main_task(engine: str) -> None:
    trio = pytest.importorskip("trio")

    async def inner() -> None:
        await trio.sleep(0.05)

    with Sampler(0.001, engine=engine) as s:
        trio.run(inner)

    assert s.recording is not None
    found = {path for path, state, d in _milliseconds(s.recording) if state == "AWAITED" and d > 20}
    (path,) = found
    assert "unrolled_run > inner > sleep" in path
    assert path.endswith("[await]")


def _milliseconds(recording: Recording) -> list[tuple[str, str, float]]:
    found = []
    for sample in recording.iter_samples():
        names = [location.frame.function for location in recording.stack(sample.stack)]
        found.append((" > ".join(names), sample.state.name, sample.duration_ns / 1e6))
    return found


def test_coroutine_given_to_start_is_the_profiled_one(engine: str, clock: FakeClock) -> None:
    async def work() -> None:
        nonlocal clock
        clock += ONE
        await turn()

    async def main() -> Recording:
        s = sampler(clock, engine)
        coroutine = work()
        s.start(coroutine=coroutine)
        await coroutine
        return s.stop()

    assert [row[1:] for row in states(drive(main(), others(clock)))] == [
        ("RUNNING", 1),
        ("AWAITED", 2),
    ]


def test_profiled_coroutine_is_not_kept_alive(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)

    async def work() -> None:
        s.start()
        await turn()

    coroutine = work()
    coroutine.send(None)
    reference = weakref.ref(coroutine)
    del coroutine
    gc.collect()
    is_gone = reference() is None
    s.stop()
    assert is_gone


def test_greenlets_do_not_disturb_it(engine: str, clock: FakeClock) -> None:
    greenlet = pytest.importorskip("greenlet")

    def first() -> None:
        nonlocal clock
        clock += ONE
        second_greenlet.switch()
        clock += TWO

    def second() -> None:
        nonlocal clock
        clock += THREE
        first_greenlet.switch()

    first_greenlet, second_greenlet = greenlet.greenlet(first), greenlet.greenlet(second)
    with sampler(clock, engine) as s:
        first_greenlet.switch()
        clock += ONE

    assert s.recording is not None
    found = [(path.split(" > ")[-1], d) for path, _, d in states(s.recording)]
    assert found == [("first", 1), ("second", 3), ("first", 2), ("", 1)]
