"""Wraps a function so that each call is profiled: also coroutines and generators, step by step.

A generator runs in its consumer's context, and must go on doing so, while only its own steps are
to be profiled; so the sampler's mark is in that context during a step and away between two.
"""

from __future__ import annotations

import functools
import inspect
import sys
from contextvars import copy_context
from types import FrameType
from typing import Any, AsyncGenerator, Callable, Generator, TypeVar, cast

from pyinstrument_sampler import async_context

from .profile_calls import ProfileOptions, describe_function
from .profiler import Profiler

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def profiled_function(function: AnyFunction, options: ProfileOptions) -> AnyFunction:
    """A function of the same kind, name and result that prints a report of each call."""
    title = options.target_description or describe_function(function)
    kinds = (function, type(function).__call__)  # the latter: of objects that can be called
    if any(map(inspect.isasyncgenfunction, kinds)):
        wrapper = _async_generator_wrapper(function, options, title)
    elif any(map(inspect.iscoroutinefunction, kinds)):
        wrapper = _coroutine_wrapper(function, options, title)
    elif any(map(inspect.isgeneratorfunction, kinds)):
        wrapper = _generator_wrapper(function, options, title)
    else:
        wrapper = _plain_wrapper(function, options, title)
    return cast(AnyFunction, functools.wraps(function)(wrapper))


def _plain_wrapper(
    function: Callable[..., Any], options: ProfileOptions, title: str
) -> Callable[..., Any]:
    def profiled(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        profiler = options.new_profiler()
        profiler.start(sys._getframe(), title)
        try:
            return function(*args, **kwargs)
        finally:
            _finish(profiler, options)

    return profiled


def _coroutine_wrapper(
    function: Callable[..., Any], options: ProfileOptions, title: str
) -> Callable[..., Any]:
    async def profiled(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        profiler = options.new_profiler(is_async=True)
        coroutine = function(*args, **kwargs)
        steps = _Steps(profiler, sys._getframe(), title, coroutine)
        try:
            return await _Awaitable(steps, coroutine.__await__())
        finally:
            _finish(profiler, options)

    return profiled


def _generator_wrapper(
    function: Callable[..., Any], options: ProfileOptions, title: str
) -> Callable[..., Any]:
    def profiled(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        profiler = options.new_profiler(is_async=True)
        generator = function(*args, **kwargs)
        steps = _Steps(profiler, sys._getframe(), title, generator)
        try:
            return (yield from steps.drive(generator))
        finally:
            _finish(profiler, options)

    return profiled


def _async_generator_wrapper(
    function: Callable[..., Any], options: ProfileOptions, title: str
) -> Callable[..., Any]:
    async def profiled(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        __tracebackhide__ = True
        profiler = options.new_profiler(is_async=True)
        generator = function(*args, **kwargs)
        steps = _Steps(profiler, sys._getframe(), title, generator)
        try:
            step = generator.asend(None)
            while True:
                try:
                    item = await _Awaitable(steps, step)
                except StopAsyncIteration:
                    return
                try:
                    step = generator.asend((yield item))
                except GeneratorExit:
                    await _Awaitable(steps, generator.aclose())
                    raise
                except BaseException as error:
                    step = generator.athrow(error)
        finally:
            _finish(profiler, options)

    return profiled


class _Steps:
    """A running profile that observes what is driven through it, and nothing in between."""

    def __init__(self, profiler: Profiler, frame: FrameType, title: str, generator: object) -> None:
        # In a copy, so that the mark does not stay in the consumer's context.
        context = copy_context()
        before = async_context.ACTIVE.get()
        context.run(profiler.start, frame, title, coroutine=generator)
        added = [mark for mark in context.get(async_context.ACTIVE, ()) if mark not in before]
        self._mark: async_context.Mark | None = added[0] if added else None

    def drive(self, generator: Any) -> Generator[Any, Any, Any]:
        """Stands for *generator*: hands over all that is sent, thrown, yielded and returned."""
        __tracebackhide__ = True
        step, argument = generator.send, None
        while True:
            try:
                item = self._run(step, argument)
            except StopIteration as stop:
                return stop.value
            try:
                step, argument = generator.send, (yield item)
            except GeneratorExit:
                self._run(generator.close)
                raise
            except BaseException as error:
                step, argument = generator.throw, error

    def _run(self, step: Callable[..., Any], *arguments: Any) -> Any:
        __tracebackhide__ = True
        if self._mark is None:
            return step(*arguments)
        async_context.enter(self._mark)
        try:
            return step(*arguments)
        finally:
            async_context.leave(self._mark)


class _Awaitable:
    """An awaitable whose steps are profiled."""

    def __init__(self, steps: _Steps, iterator: Any) -> None:
        self._steps = steps
        self._iterator = iterator

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._steps.drive(self._iterator)


def _finish(profiler: Profiler, options: ProfileOptions) -> None:
    __tracebackhide__ = True
    if profiler.is_running:  # else the program has stopped it
        profiler.stop()
    options.report(profiler)
