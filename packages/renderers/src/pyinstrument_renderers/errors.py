"""Everything the renderers raise on purpose, under one base class.

RendererError
├── MisconfigurationError (also ValueError)   options that contradict each other, or bad values
│   └── OptionError                           an option that the renderer does not have
├── UnknownRendererError (also ValueError)    no renderer of that name
├── RendererImportError                       there is one, but it does not load
├── SettingsError (also ValueError)           pyproject.toml or PYINSTRUMENT_* cannot be used
├── OutputError                               a report could not be written
└── ReportStoreError                          the report store cannot be read or written
    └── UnknownReportError                    no report of that id in it
"""

from __future__ import annotations

from typing import Iterable, Sequence


class RendererError(Exception):
    """Base of all errors of this package."""


class MisconfigurationError(RendererError, ValueError):
    """Options of a renderer that contradict each other, or a value it cannot use."""


class OptionError(MisconfigurationError):
    """An option that the renderer does not have. ``renderer``, ``option``, ``valid`` tell more."""

    def __init__(self, renderer: str, option: str, valid: Sequence[str]) -> None:
        known = ", ".join(valid) if valid else "none"
        super().__init__(
            f"renderer {renderer!r} has no option {option!r}; its options are: {known}"
        )
        self.renderer = renderer
        self.option = option
        self.valid = tuple(valid)


class UnknownRendererError(RendererError, ValueError):
    """No renderer of that name. ``available`` holds the names there are."""

    def __init__(self, name: str, available: Iterable[str]) -> None:
        self.name = name
        self.available = tuple(available)
        super().__init__(
            f"there is no renderer {name!r}; there are: {', '.join(self.available)}, "
            "or give the import path of a renderer class, like package.module.MyRenderer"
        )


class RendererImportError(RendererError):
    """A renderer is named, but its module or entry point does not load; ``__cause__`` is why."""


class SettingsError(RendererError, ValueError):
    """A setting that is unknown, of the wrong type, or in a file that cannot be read."""


class OutputError(RendererError):
    """A report could not be written to ``path``; an older file there is as it was.

    ``__cause__`` is the operating system's error.
    """

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(f"cannot write {path!r}: {fault}")
        self.path = path


class ReportStoreError(RendererError):
    """The report store cannot be read or written. Reports still work: warn and go on."""


class UnknownReportError(ReportStoreError):
    """No report of that id is in the store; the message lists the newest ids."""
