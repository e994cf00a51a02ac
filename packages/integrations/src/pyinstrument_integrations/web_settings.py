"""The settings that all web frameworks share, checked when the program starts."""

from __future__ import annotations

import os
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Iterable,
    Mapping,
    NamedTuple,
    Sequence,
    Union,
)

from .errors import InvalidSettingError
from .failures import tell_once
from .number_checks import check_number
from .profile_folder import DEFAULT_KEEP, DEFAULT_MAX_BYTES, FILE_NAME, ProfileFolder
from .record_options import RecordOptions
from .report_format import ReportFormat
from .request_questions import is_coroutine_function

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    class WebOptions(TypedDict, total=False):
        """Keyword arguments of every middleware; they mean what :class:`WebSettings` says."""

        query_key: str | None
        allow: Allow
        profile_dir: str | os.PathLike[str] | None
        one_in: int
        when: Callable[[Any], bool] | None
        slower_than: float
        keep: int
        max_bytes: int
        file_name: str
        index_path: str | None
        renderer: object
        renderer_options: dict[str, Any] | None
        file_renderer: object
        interval: float
        async_mode: str
        engine: str
        threads: str


Allow = Union[bool, None, Callable[[Any], bool]]


class WebSettings(NamedTuple):
    """When a request is profiled, how, and where the result goes."""

    query_key: str | None = "profile"
    """``?profile`` shows the report instead of the response; None: nothing does."""
    allow: Allow = None
    """Who may ask for that and see the index: all, none, or those requests it is true for. By
    default all while the framework is in its debug mode, else none."""
    profile_dir: str | os.PathLike[str] | None = None
    """Folder for the reports of requests that nobody asked for; None: they are not profiled."""
    one_in: int = 1
    """One request in so many is profiled for the folder, at random."""
    when: Callable[[Any], bool] | None = None
    """Called with the request: only where it is true is one profiled for the folder."""
    slower_than: float = 0.0
    """Seconds; quicker requests leave no file."""
    keep: int = DEFAULT_KEEP
    """Reports in the folder; the oldest go."""
    max_bytes: int = DEFAULT_MAX_BYTES
    """What they may take together."""
    file_name: str = FILE_NAME
    """Template of the files' names."""
    index_path: str | None = None
    """Path at which the folder's index is shown, like ``/profiles/``; None: nowhere."""
    renderer: object = None
    """Name, import path, class or instance; by default HTML."""
    renderer_options: dict[str, Any] | None = None
    file_renderer: object = None
    """For the folder, if not the same as for what is shown."""
    interval: float = 0.001
    """Seconds between samples."""
    async_mode: str = "strict"
    """What other requests do meanwhile on the same thread is never shown."""
    engine: str = "auto"
    threads: str = "current"

    @classmethod
    def of(cls, options: Mapping[str, Any], **defaults: Any) -> WebSettings:
        """Settings of keyword arguments, over a framework's own *defaults*.

        Raises ``TypeError`` for a name that is none, ``InvalidSettingError`` for a value.
        """
        for name in options:
            if name not in cls._fields:
                raise TypeError(f"unknown setting {name!r}; there are: {', '.join(cls._fields)}")
        return cls(**{**defaults, **options}).checked()

    def checked(self) -> WebSettings:
        """These, if each can mean something; else raises ``InvalidSettingError``."""
        if self.query_key is not None and not (self.query_key and isinstance(self.query_key, str)):
            raise InvalidSettingError(f"query_key must be a word or None, not {self.query_key!r}")
        if not (self.allow is None or isinstance(self.allow, bool) or callable(self.allow)):
            raise InvalidSettingError(
                f"allow must be True, False, None or a function, not {self.allow!r}"
            )
        if self.when is not None and not callable(self.when):
            raise InvalidSettingError(f"when must be a function or None, not {self.when!r}")
        for name, function in (("allow", self.allow), ("when", self.when)):
            if is_coroutine_function(function):
                raise InvalidSettingError(f"{name} must not be a coroutine function: {function!r}")
        check_number("one_in", self.one_in, 1)
        if self.index_path is not None:
            self._check_index_path(self.index_path)
        self.record_options()
        self.report()
        # With any path: what is wrong is told of before the folder is set, too.
        self._folder("." if self.profile_dir is None else self.profile_dir)
        return self

    def record_options(self) -> RecordOptions:
        """How to record."""
        return RecordOptions(self.interval, self.async_mode, self.engine, self.threads).checked()

    def report(self) -> ReportFormat:
        """The reports' format."""
        return ReportFormat(self.renderer, self.renderer_options)

    def folder(self) -> ProfileFolder | None:
        """Where reports are kept; None: nowhere."""
        return None if self.profile_dir is None else self._folder(self.profile_dir)

    def _folder(self, path: str | os.PathLike[str]) -> ProfileFolder:
        return ProfileFolder(
            path,
            report=self.report()
            if self.file_renderer is None
            else ReportFormat(self.file_renderer),
            keep=self.keep,
            max_bytes=self.max_bytes,
            slower_than=self.slower_than,
            file_name=self.file_name,
        )

    def _check_index_path(self, path: object) -> None:
        if not isinstance(path, str) or len(path) < 3 or path[0] != "/" or path[-1] != "/":
            raise InvalidSettingError(
                f"index_path must begin and end with a slash, like '/profiles/', not {path!r}"
            )
        if self.profile_dir is None:
            raise InvalidSettingError("index_path shows what is in profile_dir: set that too")


def tell_of_unknown(prefix: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Logs each name *given* with that prefix that is not *known* without it."""
    for name in given:
        if name.startswith(prefix) and name[len(prefix) :] not in known:
            tell_once(
                f"the setting {name} has no effect: there is none of that name. With {prefix} "
                f"there are: {', '.join(sorted(known))}"
            )
