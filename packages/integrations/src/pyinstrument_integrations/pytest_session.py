"""One profile of a whole pytest session: collection and tests. With xdist, one a worker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generator

import pytest

from .pytest_options import PytestOptions
from .subject import Subject

if TYPE_CHECKING:
    from pyinstrument_model.recorder import Recorder
    from pyinstrument_model.session import Session

OUTPUT = "pyinstrument"
"""Key of what a worker hands to the controller."""


class WholeSession:
    """A plugin, registered where a session is to be profiled."""

    def __init__(self, options: PytestOptions, config: pytest.Config) -> None:
        self._options = options
        self._config = config
        self._recorder: Recorder = options.record.recorder()
        self._session: Session | None = None
        self._results: list[dict[str, str]] = []
        """One a process that ran tests."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Profiles the collection."""
        __tracebackhide__ = True
        self._start(sys._getframe(1))
        try:
            return (yield)
        finally:
            self._stop(sys._getframe(1))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Profiles all tests."""
        __tracebackhide__ = True
        self._start(sys._getframe(1))
        try:
            return (yield)
        finally:
            self._stop(sys._getframe(1))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Makes the report; a worker hands it to its controller."""
        if self._session is None:
            return
        result = self._report(self._session)
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = result
        else:
            self._results.append(result)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes what a worker of xdist has to say when it ends."""
        result = getattr(node, "workeroutput", {}).get(OUTPUT)
        if result is not None:
            self._results.append(result)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Prints the reports, or where they are."""
        if not self._results:
            return
        terminalreporter.section("profile by pyinstrument")
        for result in sorted(self._results, key=lambda result: result["worker"]):
            if result["worker"]:
                terminalreporter.write_line(f"worker {result['worker']}")
            for line in result["text"].splitlines():
                terminalreporter.write_line(line)

    def _start(self, frame: Any) -> None:
        if is_controller(self._config):
            return
        name = " ".join(["pytest", *self._config.invocation_params.args])
        worker = worker_name(self._config)
        self._recorder.start(frame, f"{name} ({worker})" if worker else name)

    def _stop(self, frame: Any) -> None:
        if self._recorder.is_running:
            self._session = self._recorder.stop(frame)

    def _report(self, session: Session) -> dict[str, str]:
        options = self._options
        worker = worker_name(self._config)
        if not options.may_show_source:
            session = session.without_sources()
        try:
            if options.printed is not None:
                text = options.printed.render(session).decode("utf-8", "replace")
            else:
                subject = Subject(f"pytest session {worker}".rstrip(), "tests", worker)
                path = options.folder.save(session, subject)
                told = "no report is kept: the newer ones fill the folder"
                if path is not None:
                    told = f"the report is {path}"
                text = f"{session.duration:.3f} s, {told}"
        except Exception as error:  # the tests have run: their result is what counts
            text = f"no report: {error}"
        return {"worker": worker, "text": text}


def worker_name(config: pytest.Config) -> str:
    """``gw0`` and so on in a worker of xdist, else nothing."""
    found: dict[str, str] = getattr(config, "workerinput", {})
    return str(found.get("workerid", ""))


def is_controller(config: pytest.Config) -> bool:
    """Whether the tests are run by workers of this process, and none by itself."""
    return not worker_name(config) and config.pluginmanager.hasplugin("dsession")
