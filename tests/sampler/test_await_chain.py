"""Where suspended coroutines wait, and which coroutine a frame runs in."""

from __future__ import annotations

import asyncio
import sys
import types
from typing import Any, AsyncIterator, Generator

import pytest

from pyinstrument_sampler.async_context import (
    ACTIVE,
    Mark,
    enter,
    find_profiled_coroutine,
    generator_of,
    leave,
    suspended_frames,
)


class Stop:
    def __await__(self) -> Generator[None, None, None]:
        yield


class Through:
    """Its ``__await__`` gives another coroutine's iterator, a wrapper of the interpreter's."""

    def __init__(self, coroutine: Any) -> None:
        self.coroutine = coroutine

    def __await__(self) -> Any:
        return self.coroutine.__await__()


async def leaf() -> None:
    await Stop()


@types.coroutine
def old_style() -> Generator[Any, None, None]:
    yield from leaf().__await__()


def names(coroutine: Any) -> list[str] | None:
    frames = suspended_frames(coroutine)
    return None if frames is None else [frame.f_code.co_name for frame in frames]


def suspended(coroutine: Any) -> list[str] | None:
    coroutine.send(None)
    found = names(coroutine)
    coroutine.close()
    return found


def test_chain_goes_through_coroutines() -> None:
    async def outer() -> None:
        await leaf()

    assert suspended(outer()) == ["outer", "leaf", "__await__"]


def test_chain_goes_through_wrappers_and_old_style_coroutines() -> None:
    async def outer() -> None:
        await Through(old_style_user())

    async def old_style_user() -> None:
        await old_style()

    assert suspended(outer()) == [
        "outer",
        "old_style_user",
        "old_style",
        "leaf",
        "__await__",
    ]


def test_chain_goes_through_asynchronous_generators() -> None:
    async def generate() -> AsyncIterator[int]:
        await leaf()
        yield 1

    async def outer() -> None:
        async for _ in generate():
            pass

    assert suspended(outer()) == ["outer", "generate", "leaf", "__await__"]


def test_chain_goes_through_the_throw_and_the_close_of_asynchronous_generators() -> None:
    async def generate() -> Any:
        try:
            yield 1
        finally:
            await leaf()

    async def closes() -> None:
        generator = generate()
        await generator.asend(None)
        await generator.aclose()

    async def throws() -> None:
        generator = generate()
        await generator.asend(None)
        await generator.athrow(LookupError())

    assert suspended(closes()) == ["closes", "generate", "leaf", "__await__"]
    assert suspended(throws()) == ["throws", "generate", "leaf", "__await__"]


def test_chain_ends_at_futures() -> None:
    async def outer() -> None:
        await asyncio.sleep(3600)

    async def main() -> list[str] | None:
        task = asyncio.ensure_future(outer())
        await asyncio.sleep(0)
        found = names(task.get_coro())
        task.cancel()
        return found

    assert asyncio.run(main()) == ["outer", "sleep"]


def test_chain_tells_instruction_and_line() -> None:
    async def outer() -> None:
        await Stop()

    coroutine: Any = outer()
    coroutine.send(None)
    frame = coroutine.cr_frame
    found = suspended_frames(coroutine)
    assert found is not None
    first = (found[0], found[0].f_lasti, found[0].f_lineno)
    expected = (frame, frame.f_lasti, outer.__code__.co_firstlineno + 1)
    coroutine.close()

    assert first == expected
    assert frame.f_lasti >= 0


def test_coroutines_that_are_not_suspended_have_no_chain() -> None:
    async def finished() -> None:
        pass

    async def running() -> None:
        found.append(suspended_frames(coroutine))

    found: list[Any] = []
    coroutine = running()
    found.append(suspended_frames(coroutine))  # not started
    for awaitable in (coroutine, finished()):
        try:
            awaitable.send(None)
        except StopIteration:
            pass
        found.append(suspended_frames(awaitable))

    assert found == [None, None, None, None]


def test_other_objects_have_no_chain() -> None:
    assert [suspended_frames(thing) for thing in (None, 1, object(), [])] == [None] * 4


def test_program_objects_that_pose_as_awaitables_are_not_run() -> None:
    class Posing:
        def __iter__(self) -> Any:
            return self

        def __next__(self) -> None:
            return None

        def close(self) -> None:
            pass

        def __getattr__(self, name: str) -> Any:
            raise AssertionError("the sampler ran code of the program")

    class Awaitable:
        def __await__(self) -> Any:
            return Posing()

    async def outer() -> None:
        await Awaitable()

    assert suspended(outer()) == ["outer"]


def test_deep_chains_are_walked_without_recursion() -> None:
    async def down(depth: int) -> None:
        if depth:
            await down(depth - 1)
        else:
            await Stop()

    coroutine = down(300)
    coroutine.send(None)
    frames = suspended_frames(coroutine)
    coroutine.close()

    assert frames is not None
    assert len(frames) == 302


def test_profiled_coroutine_is_the_outermost_one() -> None:
    found: list[Any] = []

    def synchronous() -> None:
        found.append(find_profiled_coroutine(sys._getframe(), generator_of))

    async def inner() -> None:
        synchronous()

    async def outer() -> None:
        await inner()

    def loop(coroutine: Any) -> None:
        try:
            coroutine.send(None)
        except StopIteration:
            pass

    coroutine = outer()
    loop(coroutine)
    ((profiled, base_frame),) = found

    assert profiled is coroutine
    assert base_frame.f_code is loop.__code__


def test_profiled_coroutine_is_found_in_event_loops() -> None:
    async def inner() -> Any:
        return find_profiled_coroutine(sys._getframe(), generator_of)

    async def main() -> Any:
        return await inner()

    coroutine = main()
    profiled, base_frame = asyncio.run(coroutine)

    assert profiled is coroutine
    assert base_frame.f_code.co_name == "_run"


@pytest.mark.skipif(
    not hasattr(asyncio, "eager_task_factory"), reason="eager tasks came with Python 3.12"
)
def test_an_eager_task_is_not_part_of_the_one_that_makes_it() -> None:
    async def inner() -> Any:
        return find_profiled_coroutine(sys._getframe(), generator_of)

    async def main() -> Any:
        made: Any = asyncio.Task
        return await made(coroutine, loop=asyncio.get_running_loop(), eager_start=True)

    coroutine = inner()
    profiled, base_frame = asyncio.run(main())

    assert profiled is coroutine
    assert base_frame.f_code is main.__code__


def test_plain_generators_below_are_not_part_of_it() -> None:
    def loop(coroutine: Any) -> Any:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            yield stop.value

    async def main() -> Any:
        return find_profiled_coroutine(sys._getframe(), generator_of)

    coroutine = main()
    (found,) = loop(coroutine)

    assert found[0] is coroutine
    assert found[1].f_code is loop.__code__


def test_nothing_is_profiled_outside_of_coroutines() -> None:
    def generate() -> Any:
        yield find_profiled_coroutine(sys._getframe(), generator_of)

    assert list(generate()) == [None]


def test_marks_leave_in_any_order() -> None:
    first, second, third = Mark(), Mark(), Mark()
    enter(first)
    enter(second)
    leave(first)
    enter(third)
    leave(first)
    assert ACTIVE.get() == (second, third)
    leave(second)
    leave(third)
    assert ACTIVE.get() == ()


def test_marks_that_ended_in_another_context_are_dropped() -> None:
    import contextvars

    first, second = Mark(), Mark()
    enter(first)
    contextvars.Context().run(leave, first)
    enter(second)
    assert ACTIVE.get() == (second,)
    leave(second)
