"""``Profiler``: start, stop, and print where the time went."""

from __future__ import annotations

import os
import sys
import warnings
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, TextIO

from pyinstrument_model.recorder import Recorder, Threads
from pyinstrument_sampler.errors import InvalidOptionError as SamplerOptionError

from .errors import (
    InvalidOptionError,
    NoSessionError,
    ProfilerNotRunningError,
    ProfilerRunningError,
)

if TYPE_CHECKING:
    from pyinstrument_model.session import Session
    from pyinstrument_renderers.html import HTMLRenderer
    from pyinstrument_renderers.interface import Renderer

Clock = Callable[[], float]


class Profiler:
    """Profiles the thread that starts it, or with *threads* more; any thread may stop it.

    Used by ``start()`` and ``stop()`` or as a context manager. Started again, it adds to what it
    has recorded. Any number of profilers may run at once.
    """

    def __init__(
        self,
        interval: float = 0.001,
        async_mode: str = "enabled",
        use_timing_thread: bool | None = None,
        *,
        clock: Clock | None = None,
        engine: str = "auto",
        threads: Threads = "current",
        timer: Clock | None = None,
    ) -> None:
        """
        Args:
            interval: Time between samples, in seconds.
            async_mode: What becomes of time in which the thread runs other tasks than the
                profiled one: ``"enabled"`` shows it as ``[await]``, ``"strict"`` as
                ``[out-of-context]``, ``"disabled"`` shows whatever the thread runs.
            use_timing_thread: Deprecated, has no effect.
            clock: Seconds, to be used instead of the real time.
            engine: How to sample; ``"auto"`` chooses the best way there is here.
            threads: ``"current"`` for the thread that starts it, ``"all"`` for every thread that
                runs Python, or a set of idents (``threading.get_ident()``).
            timer: Deprecated name of *clock*.

        Raises ``InvalidOptionError``, which is a ``ValueError``.
        """
        if use_timing_thread is not None:
            warn_deprecated("use_timing_thread has no effect any more")
        if timer is not None:
            warn_deprecated("timer= is called clock= now")
        self.use_timing_thread = use_timing_thread
        try:
            self._recorder = Recorder(
                interval,
                async_mode,
                clock=timer if clock is None else clock,
                engine=engine,
                threads=threads,
            )
        except SamplerOptionError as error:
            raise InvalidOptionError(str(error)) from None

    @property
    def interval(self) -> float:
        """Time between samples, in seconds."""
        return self._recorder.interval

    @property
    def async_mode(self) -> str:
        """``"enabled"``, ``"disabled"`` or ``"strict"``."""
        return self._recorder.async_mode

    @property
    def last_session(self) -> Session | None:
        """What was recorded; None before the first stop."""
        return self._recorder.last_session

    @property
    def is_running(self) -> bool:
        """Whether it profiles now."""
        return self._recorder.is_running

    def start(
        self,
        caller_frame: FrameType | None = None,
        target_description: str | None = None,
        *,
        coroutine: object | None = None,
    ) -> None:
        """Begins to profile the calling thread.

        Args:
            caller_frame: Frame of the code to be profiled; what is below it is left out of
                reports. By default the caller's.
            target_description: Title of the report; by default ``Profile at FILE:LINE``.
            coroutine: Coroutine (or generator) to be profiled, if the caller does not run in it.

        Raises ``ProfilerRunningError``, which is a ``ValueError``.
        """
        __tracebackhide__ = True
        if self.is_running:
            raise ProfilerRunningError("this profiler is running already: stop() it first")
        frame = sys._getframe(1) if caller_frame is None else caller_frame
        self._recorder.start(frame, target_description, coroutine=coroutine)

    def stop(self) -> Session:
        """Ends the profile; any thread may do that.

        Raises ``ProfilerNotRunningError``, which is a ``RuntimeError``.
        """
        __tracebackhide__ = True
        if not self.is_running:
            raise ProfilerNotRunningError("this profiler is not running: start() it first")
        return self._recorder.stop(sys._getframe(1))

    def reset(self) -> None:
        """Stops, if it is running, and forgets what was recorded."""
        __tracebackhide__ = True
        self._recorder.reset()

    def __enter__(self) -> Profiler:
        __tracebackhide__ = True
        self.start(sys._getframe(1))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        if self.is_running:  # else the block has stopped it
            self.stop()

    def print(
        self,
        file: TextIO | None = None,
        *,
        unicode: bool | None = None,
        color: bool | None = None,
        show_all: bool = False,
        timeline: bool = False,
        time: str = "seconds",
        flat: bool = False,
        flat_time: str = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> None:
        """Prints the report to *file*, by default to what ``sys.stdout`` is now.

        *unicode* and *color* depend on the file unless they are given; for the other options see
        ``ConsoleRenderer``.
        """
        from pyinstrument_renderers.outputs import write_stream
        from pyinstrument_renderers.terminal import supports_color, supports_unicode

        stream = sys.stdout if file is None else file
        report = self.output_text(
            unicode=supports_unicode(stream) if unicode is None else unicode,
            color=supports_color(stream) if color is None else color,
            show_all=show_all,
            timeline=timeline,
            time=time,
            flat=flat,
            flat_time=flat_time,
            short_mode=short_mode,
            processor_options=processor_options,
            clock=clock,
        )
        write_stream(stream, f"{report}\n")

    def output_text(
        self,
        unicode: bool = False,
        color: bool = False,
        show_all: bool = False,
        timeline: bool = False,
        time: str = "seconds",
        flat: bool = False,
        flat_time: str = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> str:
        """The report as text; options as of ``ConsoleRenderer``."""
        from pyinstrument_renderers.console import ConsoleRenderer

        renderer = ConsoleRenderer(
            unicode=unicode,
            color=color,
            show_all=show_all,
            timeline=timeline,
            time=time,
            flat=flat,
            flat_time=flat_time,
            short_mode=short_mode,
            processor_options=processor_options,
            clock=clock,
        )
        return renderer.render(self._finished_session())

    def output(self, renderer: Renderer) -> str | bytes:
        """The report as *renderer* makes it; bytes from binary ones.

        Raises ``NoSessionError`` or ``ProfilerRunningError``.
        """
        return renderer.render(self._finished_session())

    def output_html(
        self,
        resample_interval: float | None = None,
        *,
        timeline: bool = False,
        show_all: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> str:
        """The report as an HTML page; options as of ``HTMLRenderer``."""
        renderer = _html_renderer(resample_interval, timeline, show_all, processor_options, clock)
        return renderer.render(self._finished_session())

    def write_html(
        self,
        path: str | os.PathLike[str],
        timeline: bool = False,
        show_all: bool = False,
        resample_interval: float | None = None,
        *,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> None:
        """Writes the report as an HTML page; options as of ``HTMLRenderer``."""
        from pyinstrument_renderers.outputs import write_output

        renderer = _html_renderer(resample_interval, timeline, show_all, processor_options, clock)
        write_output(os.fspath(path), renderer.render(self._finished_session()))

    def open_in_browser(
        self,
        timeline: bool = False,
        resample_interval: float | None = None,
        *,
        show_all: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> str:
        """Opens the report in a browser; returns the page's path, a temporary file that stays."""
        renderer = _html_renderer(resample_interval, timeline, show_all, processor_options, clock)
        return renderer.open_in_browser(self._finished_session())

    def _finished_session(self) -> Session:
        if self.is_running:
            raise ProfilerRunningError("the profiler is still running: stop() it before output")
        session = self._recorder.last_session
        if session is None:
            raise NoSessionError("nothing was profiled yet: start() and stop() the profiler first")
        return session


def warn_deprecated(message: str, stacklevel: int = 3) -> None:
    """Warns the caller of the function that calls this."""
    warnings.warn(message, DeprecationWarning, stacklevel=stacklevel)


def _html_renderer(
    resample_interval: float | None,
    timeline: bool,
    show_all: bool,
    processor_options: dict[str, Any] | None,
    clock: str,
) -> HTMLRenderer:
    from pyinstrument_renderers.html import HTMLRenderer

    if resample_interval is not None:
        from pyinstrument_renderers.html.renderer import NOT_RESAMPLED

        warn_deprecated(NOT_RESAMPLED, stacklevel=4)
    return HTMLRenderer(
        timeline=timeline, show_all=show_all, processor_options=processor_options, clock=clock
    )
