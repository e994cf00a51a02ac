"""Everything this package raises on purpose, under one base class.

PyinstrumentError
├── UsageError                              options of the command; it prints them and exits 2
├── ProfilerRunningError (also ValueError)  the profiler is running already, or still
├── ReentryError (also RuntimeError)        a ``profile()`` context was entered twice at once
├── ProfilerNotRunningError (also RuntimeError)
├── NoSessionError                          output was asked for before anything was profiled
├── InvalidOptionError (also ValueError)    an argument cannot mean anything
├── NotCallableError (also TypeError)       ``@profile`` stands above what is no function
└── MissingIntegrationError (also ImportError)  pyinstrument-integrations is not installed
"""

from __future__ import annotations


class PyinstrumentError(Exception):
    """Base of all errors of this package."""


class UsageError(PyinstrumentError):
    """Options or files given to the command that it cannot use; nothing was run."""


class ProfilerRunningError(PyinstrumentError, ValueError):
    """``start`` on a running profiler, or output asked of one."""


class ReentryError(PyinstrumentError, RuntimeError):
    """A context made by ``profile()`` was entered again before it was left."""


class ProfilerNotRunningError(PyinstrumentError, RuntimeError):
    """``stop`` on a profiler that is not running."""


class NoSessionError(PyinstrumentError):
    """Output was asked for before anything was profiled."""


class InvalidOptionError(PyinstrumentError, ValueError):
    """An argument that cannot mean anything; the message lists what can."""


class NotCallableError(PyinstrumentError, TypeError):
    """``@profile`` stands above something that is no function."""


class MissingIntegrationError(PyinstrumentError, ImportError):
    """A module whose content is in pyinstrument-integrations, where that is not installed."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(
            f"{module} needs the package pyinstrument-integrations: "
            f"pip install 'pyinstrument[{extra}]'"
        )
