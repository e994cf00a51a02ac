"""A folder of reports that stays small: the newest are kept, with a page that lists them."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

from pyinstrument_renderers.errors import OutputError
from pyinstrument_renderers.outputs import write_output, write_report

from .errors import InvalidSettingError, ProfileFolderError
from .number_checks import check_number
from .report_format import ReportFormat
from .safe_names import safe_file_name
from .saved_profile import NOTES_FOLDER, SavedProfile, note_path, note_text, read_note
from .subject import Subject

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

FILE_NAME = "{total_time:.3f}s {path} {timestamp:.0f}.{ext}"
INDEX = "index.html"
DEFAULT_KEEP = 200
DEFAULT_MAX_BYTES = 200_000_000

_PATH_LIMIT = 100
_RUN_BY_BROWSERS = ("html", "htm", "xhtml", "xht", "shtml", "svg", "xml", "mht", "mhtml")


class ProfileFolder:
    """Saves reports below a path, and deletes the oldest of those it saved.

    Any number of threads and processes may save to one folder. Only files that have a note of ours
    are ever listed or deleted.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        report: ReportFormat | None = None,
        keep: int = DEFAULT_KEEP,
        max_bytes: int = DEFAULT_MAX_BYTES,
        slower_than: float = 0.0,
        file_name: str = FILE_NAME,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            path: The folder; made with its parents when the first report is saved.
            report: The reports' format; by default HTML.
            keep: How many reports are kept.
            max_bytes: How large they may be together; the newest is kept however large.
            slower_than: Shorter profiles, in seconds, are not saved.
            file_name: Template of the names; fields: ``total_time``, ``path``, ``timestamp``,
                ``ext``, ``kind``, ``route``.
            clock: Unix time.

        Raises ``InvalidSettingError``.
        """
        check_number("keep", keep, 1)
        check_number("max_bytes", max_bytes, 1)
        check_number("slower_than", slower_than, 0)
        self.path = os.path.abspath(_checked_path(path))
        self.report = ReportFormat() if report is None else report
        self.keep = keep
        self.max_bytes = max_bytes
        self.slower_than = slower_than
        self.file_name = file_name
        if not isinstance(file_name, str):
            raise InvalidSettingError(f"file_name must be a template, not {file_name!r}")
        self._clock = clock
        self._notes: Mapping[str, tuple[object, SavedProfile]] = {}
        self._lock = threading.Lock()
        self._name(Subject("/", "GET", "/"), 0.0, 0.0)  # a bad template shows now

    def save(
        self,
        session: Session,
        subject: Subject,
        *,
        file_name: str | None = None,
        status: str = "",
    ) -> str | None:
        """Saves a report and returns its path; None where it is not kept: it was too quick, or
        others saved so many meanwhile that it was one of the oldest when it was there.

        Args:
            session: What was profiled.
            subject: What to call it.
            file_name: Instead of the template's; made safe too.
            status: How it ended, for the index.

        Raises ``ProfileFolderError``, and what the renderer raises.
        """
        if session.duration < self.slower_than:
            return None
        now = self._clock()
        if file_name is None:
            file_name = self._name(subject, session.duration, now)
        elif not isinstance(file_name, str):
            raise InvalidSettingError(f"a profile's file name must be a string, not {file_name!r}")
        with self._telling(OSError, OutputError):
            # Reports hold source lines and addresses: a new folder is the user's alone.
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            os.makedirs(os.path.join(self.path, NOTES_FOLDER), mode=0o700, exist_ok=True)
            claimed = self._claim(safe_file_name(self._as_what_it_is(file_name)))
        saved = SavedProfile(
            claimed,
            *subject,
            saved_at=now,
            duration=session.duration,
            samples=session.sample_count,
            status=status,
        )
        path = os.path.join(self.path, claimed)
        try:
            with self._telling(OSError, OutputError):
                # The note comes first: whatever happens then, the file is one that gets deleted.
                write_output(note_path(self.path, claimed), note_text(saved))
            with self._telling(OutputError):  # a renderer's own OSError is no fault of the folder
                write_report(path, self.report.renderer, session)
            with self._telling(OSError):
                # Others may have found it too old already, and deleted what was not there yet.
                is_kept = os.path.exists(note_path(self.path, claimed))
                if not is_kept:
                    self._delete(claimed)
        except BaseException:
            with self._telling(OSError):
                self._delete(claimed)
            raise
        with self._telling(OSError, OutputError):
            self._tidy(claimed)
        return path if is_kept else None

    def profiles(self) -> list[SavedProfile]:
        """What is saved, the newest first. Raises ``ProfileFolderError``."""
        try:
            return self._profiles()
        except OSError as error:
            raise ProfileFolderError(f"cannot read {self.path}: {error}") from error

    def find(self, file_name: str) -> str | None:
        """Path of a saved report; None for every other name."""
        if file_name != os.path.basename(file_name) or read_note(self.path, file_name) is None:
            return None
        path = os.path.join(self.path, file_name)
        return path if os.path.isfile(path) else None

    @contextmanager
    def _telling(self, *kinds: type[Exception]) -> Iterator[None]:
        """Tells of a failure to save as one of the folder."""
        try:
            yield
        except kinds as error:
            # Without the file's name: it is another one each time, and this is logged once.
            cause = error.__cause__ if isinstance(error, OutputError) else error
            fault = getattr(cause, "strerror", None) or error
            raise ProfileFolderError(f"cannot save a profile in {self.path}: {fault}") from error

    def _name(self, subject: Subject, duration: float, now: float) -> str:
        fields: dict[str, Any] = {
            "total_time": duration,
            "path": subject.name.replace("/", "_").replace("?", "_qs_")[:_PATH_LIMIT],
            "timestamp": now,
            "ext": self.report.extension,
            "kind": subject.kind,
            "route": subject.route,
        }
        try:
            return self.file_name.format(**fields)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise InvalidSettingError(
                f"template of profiles' file names {self.file_name!r}: {type(error).__name__}: "
                f"{error}; its fields are: {', '.join(fields)}"
            ) from error

    def _as_what_it_is(self, file_name: str) -> str:
        """A name that does not make a browser run what is no page of ours."""
        suffix = file_name.rpartition(".")[2].lower()
        if suffix in _RUN_BY_BROWSERS and suffix != self.report.extension:
            return f"{file_name}.{self.report.extension}"
        return file_name

    def _claim(self, wanted: str) -> str:
        """The first free name, taken by an empty file: making it is exclusive."""
        stem, dot, suffix = wanted.rpartition(".")
        number = 1
        while True:
            name = wanted if number == 1 else f"{stem} ({number}){dot}{suffix}"
            if not dot and number > 1:
                name = f"{wanted} ({number})"
            if name.lower() != INDEX:
                try:
                    path = os.path.join(self.path, name)
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                    return name
                except FileExistsError:
                    pass
            number += 1

    def _profiles(self) -> list[SavedProfile]:
        found: dict[str, tuple[object, SavedProfile]] = {}
        known = self._notes
        for name, version in self._note_versions():
            before, note = known.get(name, (None, None))
            if note is None or before != version:
                note = read_note(self.path, name)
            if note is not None:
                found[name] = version, note
        self._notes = found  # next time only new ones are read
        notes = [note for _, note in found.values()]
        return sorted(notes, key=lambda saved: (-saved.saved_at, saved.file_name))

    def _note_versions(self) -> Iterator[tuple[str, object]]:
        """Whose notes there are, and what is another for another note under the same name."""
        try:
            entries = list(os.scandir(os.path.join(self.path, NOTES_FOLDER)))
        except FileNotFoundError:
            return
        for entry in entries:
            if entry.name.endswith(".json"):
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue  # another process was first
                yield entry.name[:-5], (status.st_mtime_ns, status.st_ino, status.st_size)

    def _tidy(self, newest: str) -> None:
        """Deletes what is too old or too much, and writes the page that lists the rest."""
        from .index_page import index_page

        with self._lock:
            kept: list[SavedProfile] = []
            used = 0
            # The one just saved stays, even where clocks differ or it is too large.
            for saved in sorted(self._profiles(), key=lambda saved: saved.file_name != newest):
                try:
                    size = os.path.getsize(os.path.join(self.path, saved.file_name))
                except OSError:  # deleted by somebody
                    size = -1
                used += max(size, 0)
                is_kept = len(kept) < self.keep and used <= self.max_bytes and size >= 0
                if is_kept or saved.file_name == newest:
                    kept.append(saved)
                else:
                    self._delete(saved.file_name)
            kept.sort(key=lambda saved: (-saved.saved_at, saved.file_name))
            write_output(os.path.join(self.path, INDEX), index_page(kept))

    def _delete(self, file_name: str) -> None:
        # The report first: as long as there is a note, a report that stays is deleted later. And
        # last: who was still writing it looks for the note after that.
        report = os.path.join(self.path, file_name)
        for path in (report, note_path(self.path, file_name), report):
            try:
                os.unlink(path)
            except FileNotFoundError:
                pass  # another process was first


def _checked_path(path: object) -> str:
    if not isinstance(path, (str, os.PathLike)) or not str(path) or "\0" in str(path):
        raise InvalidSettingError(f"the folder for profiles must be a path, not {path!r}")
    return os.fspath(str(path))
