"""``profile``: a decorator and a context manager that print a short report when they end."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, TypeVar, overload

from pyinstrument_model.recorder import Threads

from .errors import NotCallableError, ReentryError
from .profiler import Profiler, warn_deprecated

if TYPE_CHECKING:
    from pyinstrument_renderers.interface import Renderer

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class ProfileOptions(NamedTuple):
    """What ``profile()`` was given."""

    interval: float = 0.001
    async_mode: str | None = None
    """None: enabled for coroutine functions and generators, else disabled."""
    renderer: Renderer | None = None
    """None: a short text report."""
    target_description: str | None = None
    threads: Threads = "current"
    engine: str = "auto"

    def new_profiler(self, *, is_async: bool = False) -> Profiler:
        """A profiler of its own for one call or block."""
        default = "enabled" if is_async else "disabled"
        return Profiler(
            self.interval, self.async_mode or default, engine=self.engine, threads=self.threads
        )

    def report(self, profiler: Profiler) -> None:
        """Prints to what ``sys.stderr`` is now."""
        if profiler.last_session is None or sys.stderr is None:
            return
        if self.renderer is None:
            profiler.print(sys.stderr, short_mode=True)
            return
        report = profiler.output(self.renderer)
        if isinstance(report, str):
            print(report, file=sys.stderr)
        else:
            sys.stderr.flush()
            sys.stderr.buffer.write(report)


class ProfileContext:
    """What ``profile(...)`` returns: ``with`` it, or decorate a function with it."""

    def __init__(self, options: ProfileOptions) -> None:
        self._options = options
        self._profiler: Profiler | None = None

    def __call__(self, function: AnyFunction) -> AnyFunction:
        """The function, with a profile and a report of each call."""
        if not callable(function):
            raise NotCallableError(
                f"@profile needs a function, not {function!r}; "
                "it belongs below @classmethod, @staticmethod and @property"
            )
        from .profiled_function import profiled_function

        return profiled_function(function, self._options)

    def __enter__(self) -> Profiler:
        __tracebackhide__ = True
        if self._profiler is not None:
            raise ReentryError("this profile() context is entered already: make one for each block")
        frame = sys._getframe(1)
        title = self._options.target_description
        if title is None:
            title = f"Block at {frame.f_code.co_filename}:{frame.f_lineno}"
        self._profiler = self._options.new_profiler()
        self._profiler.start(frame, title)
        return self._profiler

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        profiler, self._profiler = self._profiler, None
        if profiler is not None:
            profiler.__exit__(kind, error, traceback)
            self._options.report(profiler)


@overload
def profile(function: AnyFunction) -> AnyFunction: ...


@overload
def profile(
    *,
    interval: float = ...,
    async_mode: str | None = ...,
    use_timing_thread: bool | None = ...,
    renderer: Renderer | None = ...,
    target_description: str | None = ...,
    threads: Threads = ...,
    engine: str = ...,
) -> ProfileContext: ...


def profile(
    function: Callable[..., Any] | None = None,
    *,
    interval: float = 0.001,
    async_mode: str | None = None,
    use_timing_thread: bool | None = None,
    renderer: Renderer | None = None,
    target_description: str | None = None,
    threads: Threads = "current",
    engine: str = "auto",
) -> Any:
    """Profiles a function (``@profile``, ``@profile(...)``) or a block (``with profile(...)``).

    Each call or block is a profile of its own, printed to standard error when it ends, also by an
    exception. Coroutine functions and generators are profiled while they run or are awaited.

    Args:
        function: The function to be decorated.
        interval: Time between samples, in seconds.
        async_mode: As of ``Profiler``; by default ``"enabled"`` for coroutine functions and
            generators, else ``"disabled"``.
        use_timing_thread: Deprecated, has no effect.
        renderer: What to print the report with; by default a short text report.
        target_description: Title of the report; by default where the function or block is.
        threads: As of ``Profiler``.
        engine: As of ``Profiler``.
    """
    if use_timing_thread is not None:
        warn_deprecated("use_timing_thread has no effect any more")
    options = ProfileOptions(interval, async_mode, renderer, target_description, threads, engine)
    context = ProfileContext(options)
    context._options.new_profiler()  # complains here about options, not at the first call
    return context if function is None else context(function)


def describe_function(function: Callable[..., Any]) -> str:
    """Title of a function's profile: its name, and where it is if it is written in Python."""
    while hasattr(function, "func") and not hasattr(function, "__code__"):  # functools.partial
        function = function.func
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    code = getattr(function, "__code__", None)
    if code is None:
        return f"Function {name}"
    return f"Function {name} at {code.co_filename}:{code.co_firstlineno}"
