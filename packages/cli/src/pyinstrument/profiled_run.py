"""One run of a program under the command: recorded, reported, and ended as it ended."""

from __future__ import annotations

import sys
from types import FrameType
from typing import TYPE_CHECKING

from pyinstrument_model.recorder import Recorder
from pyinstrument_renderers.own_imports import OwnImports

from .outcome import Outcome
from .reports import Reporter
from .run_target import run
from .target import Target
from .termination import TerminationReport

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

NOT_STARTED = 2
"""Exit status where the program was not run at all, for a reason of ours."""


class ProfiledRun:
    """A program that is about to run, and what is wanted of it."""

    def __init__(
        self,
        target: Target,
        *,
        interval: float,
        threads: str,
        engine: str,
        description: str,
        reporter: Reporter,
    ) -> None:
        self.failed = False
        """Whether a report could not be written."""
        self._target = target
        self._description = description
        self._reporter = reporter
        # Enabled: the waits of an event loop that the program runs belong to what it awaits.
        self._recorder = Recorder(interval, async_mode="enabled", engine=engine, threads=threads)
        self._sessions: list[Session] = []
        self._own_imports = OwnImports()

    def execute(self) -> Outcome:
        """Runs the program and reports; the process still has to end like the program."""
        with TerminationReport(self._report_at_once):
            outcome = run(self._target, self._start, self._stop)
        if outcome.started and not outcome.in_child:
            self._report()
        return outcome

    def _start(self, frame: FrameType) -> None:
        __tracebackhide__ = True
        try:
            self._recorder.start(caller_frame=frame, target_description=self._description)
        except Exception as error:  # somebody else's profiler has the hooks, for example
            self._reporter.complain(f"error: the program cannot be profiled: {error}")
            raise SystemExit(NOT_STARTED) from None

    def _stop(self) -> None:
        __tracebackhide__ = True
        if not self._recorder.is_running:
            return
        try:
            with self._own_imports:
                self._sessions.append(self._recorder.stop(sys._getframe(1)))
        except Exception as error:  # whatever it is, it must not take the place of the program's
            self._give_up(error)

    def _report_at_once(self) -> None:
        __tracebackhide__ = True
        self._stop()
        self._report(past_buffers=True)

    def _report(self, *, past_buffers: bool = False) -> None:
        try:
            with self._own_imports:
                for session in self._sessions:
                    if not self._reporter.write(session, past_buffers=past_buffers):
                        self.failed = True
        except KeyboardInterrupt:  # the program has ended; so does the report
            self.failed = True
        except Exception as error:  # the program broke what everybody imports, for example
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.failed = True
        self._reporter.complain(f"no report: {type(error).__name__}: {error}")
