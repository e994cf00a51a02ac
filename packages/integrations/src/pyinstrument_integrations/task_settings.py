"""The settings of what has no request to ask by: tasks, and processes that get a signal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple

from .errors import InvalidSettingError
from .number_checks import check_number
from .profile_folder import DEFAULT_KEEP, DEFAULT_MAX_BYTES, FILE_NAME, ProfileFolder
from .record_options import RecordOptions
from .report_format import ReportFormat

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    class TaskOptions(TypedDict, total=False):
        """Keyword arguments; they mean what :class:`TaskSettings` says."""

        one_in: int
        when: Callable[[Any], bool] | None
        slower_than: float
        keep: int
        max_bytes: int
        file_name: str
        renderer: object
        renderer_options: dict[str, Any] | None
        interval: float
        async_mode: str
        engine: str
        threads: str


class TaskSettings(NamedTuple):
    """What is profiled, how, and where the result goes."""

    profile_dir: str | os.PathLike[str]
    """Folder for the reports."""
    one_in: int = 1
    """One in so many is profiled, at random."""
    when: Callable[[Any], bool] | None = None
    """Called with the task (or its name): only where it is true is it profiled."""
    slower_than: float = 0.0
    """Seconds; quicker ones leave no file."""
    keep: int = DEFAULT_KEEP
    """Reports in the folder; the oldest go."""
    max_bytes: int = DEFAULT_MAX_BYTES
    """What they may take together."""
    file_name: str = FILE_NAME
    """Template of the files' names."""
    renderer: object = None
    """Name, import path, class or instance; by default HTML."""
    renderer_options: dict[str, Any] | None = None
    interval: float = 0.001
    """Seconds between samples."""
    async_mode: str = "enabled"
    engine: str = "auto"
    threads: str = "current"

    @classmethod
    def of(
        cls, profile_dir: str | os.PathLike[str], options: Mapping[str, Any], **defaults: Any
    ) -> TaskSettings:
        """Settings of keyword arguments, over *defaults*.

        Raises ``TypeError`` for a name that is none, ``InvalidSettingError`` for a value.
        """
        for name in options:
            if name not in cls._fields:
                raise TypeError(f"unknown setting {name!r}; there are: {', '.join(cls._fields)}")
        return cls(profile_dir, **{**defaults, **options}).checked()

    def checked(self) -> TaskSettings:
        """These, if each can mean something; else raises ``InvalidSettingError``."""
        if self.when is not None and not callable(self.when):
            raise InvalidSettingError(f"when must be a function or None, not {self.when!r}")
        check_number("one_in", self.one_in, 1)
        self.record_options()
        self.folder()
        return self

    def record_options(self) -> RecordOptions:
        """How to record."""
        return RecordOptions(self.interval, self.async_mode, self.engine, self.threads).checked()

    def folder(self) -> ProfileFolder:
        """Where reports are kept."""
        return ProfileFolder(
            self.profile_dir,
            report=ReportFormat(self.renderer, self.renderer_options),
            keep=self.keep,
            max_bytes=self.max_bytes,
            slower_than=self.slower_than,
            file_name=self.file_name,
        )
