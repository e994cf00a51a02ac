"""A profile of each test: setup, call and teardown. The slowest are listed at the end.

What is to be listed travels in the test's own report, which xdist hands from workers to controller.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Generator

import pytest

from .hottest_path import hottest_path
from .pytest_budget import runs_in_another_context
from .pytest_options import PytestOptions
from .subject import Subject

if TYPE_CHECKING:
    from pyinstrument_model.recorder import Recorder
    from pyinstrument_model.session import Session

FIELD = "pyinstrument_profile"
"""Of a test's report for its teardown, which is the last."""


class EachTest:
    """A plugin, registered where each test is to be profiled."""

    def __init__(self, options: PytestOptions, config: pytest.Config) -> None:
        self._options = options
        self._config = config
        self._recorder: Recorder | None = None
        self._seconds = 0.0
        """Of the current test, as pytest counts: without its own work between the phases."""
        self._found: list[dict[str, Any]] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Profiles a test with its fixtures."""
        __tracebackhide__ = True
        record = self._options.record
        if runs_in_another_context(item):  # its stacks as they are, then
            record = record._replace(async_mode="disabled")
        recorder = self._recorder = record.recorder()
        self._seconds = 0.0
        recorder.start(sys._getframe(1), item.nodeid)
        try:
            return (yield)
        finally:
            if recorder.is_running:
                recorder.stop(sys._getframe(1))
            self._recorder = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Ends a profile when the test has been torn down, before that is reported."""
        __tracebackhide__ = True
        recorder = self._recorder
        session = None
        self._seconds += call.duration
        if call.when == "teardown" and recorder is not None and recorder.is_running:
            session = recorder.stop(sys._getframe(1))
        report = yield
        if session is not None:
            setattr(report, FIELD, self._profile(item, session))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collects what is to be listed."""
        found = getattr(report, FIELD, None)
        if found is not None:
            self._found.append(found)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Lists the slowest tests."""
        if not self._found:
            return
        self._found.sort(key=lambda found: (-found["seconds"], found["test"]))
        slowest = self._found[: self._options.slowest]
        write = terminalreporter.write_line
        terminalreporter.section(f"{len(slowest)} slowest of {len(self._found)} profiled tests")
        for found in slowest:
            write(f"{found['seconds']:8.3f} s  {found['test']}")
            if found["path"]:
                write(f"{'':12}{found['path']}")
        faults = sorted({found["fault"] for found in self._found if found["fault"]})
        for fault in faults:
            write(f"no report: {fault}")
        if any(found["file"] for found in self._found):
            write(f"reports: {os.path.join(self._options.folder.path, 'index.html')}")

    def _profile(self, item: pytest.Item, session: Session) -> dict[str, Any]:
        found: dict[str, Any] = {
            "test": item.nodeid,
            "seconds": self._seconds,
            "path": "",
            "file": "",
            "fault": "",
        }
        if self._seconds < self._options.folder.slower_than:
            return found
        if not self._options.may_show_source:
            session = session.without_sources()
        try:
            path = hottest_path(session)
            if path is not None:
                found["path"] = f"{path}  {path.seconds:.3f} s"
            subject = Subject(item.nodeid, "test", item.nodeid.partition("::")[0])
            found["file"] = self._options.folder.save(session, subject) or ""
        except Exception as error:  # the test has run: its result is what counts
            found["fault"] = f"{error}"
        return found
