"""``profile``: as a decorator of every kind of function, and as a context manager."""

from __future__ import annotations

import asyncio
import functools
import inspect
import re
import sys
import threading
from typing import Any, AsyncGenerator, AsyncIterator, Callable, Generator, Iterator

import pytest
from support.busy import be_busy

from pyinstrument import Profiler, profile
from pyinstrument.errors import InvalidOptionError, NotCallableError, ReentryError
from pyinstrument.renderers import JSONRenderer


def burn() -> None:
    """Computes for so long that the timer thread runs meanwhile, on a busy machine too."""
    be_busy(0.05)


def digest() -> None:
    burn()


def titles(text: str) -> list[str]:
    return re.findall(r"^\.  ((?:Function|Block|Mine).*)$", text, re.MULTILINE)


def line_of(function: Callable[..., Any]) -> int:
    return int(inspect.unwrap(function).__code__.co_firstlineno)


def test_a_decorated_function_prints_a_report_of_each_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @profile
    def work(a: int, *, b: int = 2) -> int:
        """What it does."""
        burn()
        return a + b

    assert (work(1), work(1, b=3)) == (3, 4)
    out, err = capsys.readouterr()
    assert out == ""
    title = f"Function {work.__qualname__} at {__file__}:{line_of(work)}"
    assert titles(err) == [title, title]
    assert len(re.findall(r"\.  0\.\d+ work ", err)) == 2
    assert (work.__name__, work.__doc__) == ("work", "What it does.")


def test_a_decorator_may_have_options(capsys: pytest.CaptureFixture[str]) -> None:
    @profile(interval=0.0005, target_description="Mine")
    def work() -> str:
        return "result"

    assert work() == "result"
    assert titles(capsys.readouterr().err) == ["Mine"]


def test_a_block_may_say_how_to_sample() -> None:
    with profile(engine="reference") as profiler:
        burn()
    assert profiler.last_session is not None
    assert profiler.last_session.facts.engine == "reference"


def test_a_block_gives_the_profiler_and_prints_its_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with profile() as profiler:
        line = sys._getframe().f_lineno - 1
        burn()
    assert isinstance(profiler, Profiler)
    assert profiler.last_session is not None
    err = capsys.readouterr().err
    assert titles(err) == [f"Block at {__file__}:{line}"]
    assert " burn " in err


def test_a_report_comes_also_after_an_exception(capsys: pytest.CaptureFixture[str]) -> None:
    @profile
    def fail() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()
    with pytest.raises(KeyError, match="mine"), profile():
        raise KeyError("mine")
    assert len(titles(capsys.readouterr().err)) == 2


def test_a_renderer_may_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    with profile(renderer=JSONRenderer(), target_description="Mine"):
        pass
    assert '"target_description": "Mine"' in capsys.readouterr().err


def test_recursion_prints_a_report_of_each_level(capsys: pytest.CaptureFixture[str]) -> None:
    @profile
    def countdown(number: int) -> int:
        return countdown(number - 1) if number else 0

    assert countdown(2) == 0
    assert len(titles(capsys.readouterr().err)) == 3


def test_a_context_that_is_entered_twice_at_once_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    context = profile()
    with context:
        with pytest.raises(ReentryError) as caught:
            context.__enter__()
    assert isinstance(caught.value, RuntimeError)
    with context:
        pass
    assert len(titles(capsys.readouterr().err)) == 2


def test_a_coroutine_function_is_profiled_while_it_runs_and_waits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @profile
    async def work() -> int:
        burn()
        await asyncio.sleep(0.02)
        return 3

    assert inspect.iscoroutinefunction(work)
    assert asyncio.run(work()) == 3
    err = capsys.readouterr().err
    assert re.search(r"\.  \d\.\d+ .*work", err)
    assert " burn " in err
    assert "[await]" in err


def test_coroutines_at_the_same_time_have_a_profile_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    started: list[int] = []

    @profile
    async def work(number: int) -> int:
        started.append(number)
        while len(started) < 2:
            await asyncio.sleep(0)
        if number == 0:
            burn()
        return number

    async def both() -> list[int]:
        return list(await asyncio.gather(work(0), work(1)))

    assert asyncio.run(both()) == [0, 1]
    reports = capsys.readouterr().err.split("pyinstrument ....")[1:]
    assert len(reports) == 2
    assert sorted(" burn " in report for report in reports) == [False, True]


def test_cancelling_reaches_the_coroutine(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    @profile
    async def work() -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def cancel() -> None:
        task = asyncio.ensure_future(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert seen == ["cancelled"]
    assert len(titles(capsys.readouterr().err)) == 1


def test_a_generator_is_profiled_and_its_consumer_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @profile
    def produce() -> Iterator[int]:
        for number in range(3):
            burn()
            yield number

    assert inspect.isgeneratorfunction(produce)
    for _ in produce():
        digest()
    err = capsys.readouterr().err
    assert " burn " in err
    assert "digest" not in err


def conversation() -> Generator[object, Any, str]:
    """Repeats what it is sent, tells what is thrown, ends when told so."""
    received: object = "start"
    while received != "end":
        try:
            received = yield received
        except ValueError as error:
            received = f"caught {error}"
    return "result"


def test_a_profiled_generator_is_spoken_to_like_a_plain_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def speak(generator: Generator[object, Any, str]) -> list[object]:
        found = [next(generator), generator.send(1), generator.throw(ValueError("x"))]
        with pytest.raises(StopIteration) as stop:
            generator.send("end")
        return [*found, stop.value.value]

    assert speak(profile(conversation)()) == speak(conversation())
    assert len(titles(capsys.readouterr().err)) == 1


def test_a_generator_that_is_closed_reports_then(capsys: pytest.CaptureFixture[str]) -> None:
    closed: list[bool] = []

    @profile
    def produce() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    generator = produce()
    assert next(generator) == 1
    generator.close()  # type: ignore[attr-defined]  # annotated as an iterator
    assert closed == [True]
    assert len(titles(capsys.readouterr().err)) == 1


def test_an_asynchronous_generator_is_profiled_and_its_consumer_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @profile
    async def produce() -> AsyncIterator[int]:
        for number in range(3):
            burn()
            await asyncio.sleep(0)
            yield number

    async def main() -> list[int]:
        found = []
        async for number in produce():
            digest()
            found.append(number)
        return found

    assert inspect.isasyncgenfunction(produce)
    assert asyncio.run(main()) == [0, 1, 2]
    err = capsys.readouterr().err
    assert " burn " in err
    assert "digest" not in err


async def async_conversation() -> AsyncGenerator[object, Any]:
    received: object = "start"
    while received != "end":
        try:
            received = yield received
        except ValueError as error:
            received = f"caught {error}"


def test_a_profiled_asynchronous_generator_is_spoken_to_like_a_plain_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def speak(generator: AsyncGenerator[object, Any]) -> list[object]:
        found = [
            await generator.asend(None),
            await generator.asend(1),
            await generator.athrow(ValueError("x")),
        ]
        with pytest.raises(StopAsyncIteration):
            await generator.asend("end")
        await generator.aclose()
        return found

    plain = asyncio.run(speak(async_conversation()))
    assert asyncio.run(speak(profile(async_conversation)())) == plain
    assert len(titles(capsys.readouterr().err)) == 1


def test_each_thread_has_its_own_profile(capsys: pytest.CaptureFixture[str]) -> None:
    together = threading.Barrier(3)

    @profile
    def work() -> None:
        together.wait()
        together.wait()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(titles(capsys.readouterr().err)) == 3


def test_partials_built_in_functions_and_callable_objects_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Adder:
        def __call__(self, number: int) -> int:
            return number + 1

    def add(a: int, b: int) -> int:
        return a + b

    assert profile(functools.partial(add, 1))(2) == 3
    assert profile(sorted)([2, 1]) == [1, 2]
    assert profile(Adder())(1) == 2
    assert titles(capsys.readouterr().err) == [
        f"Function {add.__qualname__} at {__file__}:{line_of(add)}",
        "Function sorted",
        f"Function {Adder.__qualname__}",
    ]


def test_methods_are_profiled(capsys: pytest.CaptureFixture[str]) -> None:
    class Worker:
        @profile
        def work(self) -> str:
            return "result"

        @classmethod
        @profile
        def make(cls) -> Worker:
            return cls()

    assert Worker.make().work() == "result"
    assert len(titles(capsys.readouterr().err)) == 2


def test_what_is_no_function_is_refused_at_once() -> None:
    with pytest.raises(NotCallableError, match="it belongs below @classmethod"):
        profile(classmethod(print))  # type: ignore[call-overload]
    with pytest.raises(InvalidOptionError, match="async_mode"):
        profile(async_mode="sometimes")


def test_the_old_keyword_is_taken_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(DeprecationWarning, match="use_timing_thread has no effect"):
        context = profile(use_timing_thread=True)
    with context:
        pass
    assert len(titles(capsys.readouterr().err)) == 1
