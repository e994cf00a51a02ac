"""The reports kept automatically, so that a run can be looked at again with other options.

The user's data folder is worked out here rather than by ``platformdirs``: it is three lines of
rules, must match what pyinstrument has always used, and would be imported by every run.
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import TYPE_CHECKING, Mapping

from .errors import OutputError, ReportStoreError, UnknownReportError
from .outputs import write_output

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

    from .settings import Settings

DEFAULT_KEEP = 10
SUFFIX = ".pyisession"
_ID = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?")
_SHOWN_IDS = 5


class ReportStore:
    """A folder of session files, the newest *keep* of them, each under an id made of its start.

    Only files named like an id are ever listed or deleted.
    """

    def __init__(self, folder: str, keep: int = DEFAULT_KEEP) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep}")
        self.folder = folder
        self.keep = keep

    def path(self, report_id: str) -> str:
        """Where the report of an id is, or would be."""
        return os.path.join(self.folder, report_id + SUFFIX)

    def ids(self) -> list[str]:
        """Ids of the reports there are, the last saved first."""
        found: list[tuple[int, str]] = []
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    name, suffix = os.path.splitext(entry.name)
                    if suffix == SUFFIX and _ID.fullmatch(name):
                        found.append((entry.stat().st_mtime_ns, name))
        except FileNotFoundError:
            pass  # no store yet, or pruned meanwhile by another run
        except OSError as error:
            raise self._error("read", error) from error
        return [name for _, name in sorted(found, reverse=True)]

    def save(self, session: Session) -> str:
        """Keeps a session and returns its id; deletes what is then too many.

        Two runs of one second get ids of their own; saving an equal session again finds the old
        one. Raises ``ReportStoreError``: callers warn, since the run itself went well.
        """
        content = session.to_bytes()
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            report_id = self._claim(_start_id(session), content)
            os.utime(self.path(report_id))  # a report looked at again is among the newest
        except OSError as error:
            raise self._error("write", error) from error
        except OutputError as error:
            raise ReportStoreError(_ADVICE.format(verb="write", fault=error)) from error
        self._prune(report_id)
        return report_id

    def load(self, report_id: str) -> Session:
        """The session of an id.

        Raises ``UnknownReportError`` listing the newest ids, or the model's error for a bad file.
        """
        from pyinstrument_model.session import Session

        path = self.path(report_id)
        if not _ID.fullmatch(report_id) or not os.path.isfile(path):
            newest = self.ids()[:_SHOWN_IDS]
            there = f"the newest are: {', '.join(newest)}" if newest else "the store is empty"
            raise UnknownReportError(f"no report {report_id!r} in {self.folder}; {there}")
        return Session.load(path)

    def _claim(self, start: str, content: bytes) -> str:
        """Writes the file under the first free id of that start.

        The name is taken by creating it empty, which is exclusive, then filled by a rename, so
        that runs at the same moment cannot write over each other.
        """
        number = 1
        while True:
            report_id = start if number == 1 else f"{start}-{number}"
            path = self.path(report_id)
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                if _has_content(path, content):
                    return report_id
                number += 1
                continue
            try:
                write_output(path, content)
            except BaseException:
                os.unlink(path)
                raise
            return report_id

    def _prune(self, saved: str) -> None:
        others = [name for name in self.ids() if name != saved]
        for name in others[self.keep - 1 :]:
            try:
                os.unlink(self.path(name))
            except FileNotFoundError:
                pass  # another run pruned it
            except OSError as error:
                raise self._error("prune", error) from error

    def _error(self, verb: str, error: OSError) -> ReportStoreError:
        fault = f"{self.folder}: {error.strerror or error}"
        return ReportStoreError(_ADVICE.format(verb=verb, fault=fault))


_ADVICE = (
    "cannot {verb} the report store: {fault} "
    "(PYINSTRUMENT_REPORTS_DIR moves it, PYINSTRUMENT_REPORTS=0 switches it off)"
)


def open_report_store(settings: Settings) -> ReportStore | None:
    """The store that the settings ask for; None when it is switched off. Creates nothing yet."""
    if settings.reports is False:
        return None
    return ReportStore(
        settings.reports_dir or default_folder(), settings.reports_keep or DEFAULT_KEEP
    )


def default_folder(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> str:
    """Folder of the report store on a platform, as pyinstrument has always used."""
    env = os.environ if environ is None else environ
    home = os.path.expanduser("~")
    if platform == "win32":
        base = env.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        data = os.path.join(base, "com.github.joerick", "pyinstrument")
    elif platform == "darwin":
        data = os.path.join(home, "Library", "Application Support", "pyinstrument")
    else:
        base = env.get("XDG_DATA_HOME") or ""
        if not os.path.isabs(base):  # the XDG specification: relative paths are to be ignored
            base = os.path.join(home, ".local", "share")
        data = os.path.join(base, "pyinstrument")
    return os.path.join(data, "reports")


def _start_id(session: Session) -> str:
    started = session.facts.start_time_ns / 1e9
    return time.strftime("%Y-%m-%dT%H-%M-%S", time.localtime(started))


def _has_content(path: str, content: bytes) -> bool:
    try:
        if os.path.getsize(path) != len(content):
            return False
        with open(path, "rb") as file:
            return file.read() == content
    except FileNotFoundError:
        return False
