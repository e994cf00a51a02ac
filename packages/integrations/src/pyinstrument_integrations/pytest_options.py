"""What the options of the pytest plugin and the settings come to, checked before any test runs."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from pyinstrument_renderers.registry import canonical_name, renderer_names
from pyinstrument_renderers.settings import Settings, load_settings
from pyinstrument_renderers.terminal import supports_unicode

from .errors import InvalidSettingError
from .number_checks import check_number
from .profile_folder import ProfileFolder
from .record_options import RecordOptions
from .report_format import ReportFormat
from .settings import DEFAULT_FOLDER, record_options, report_format

_KEEP = 1000
_MAX_BYTES = 1_000_000_000


class PytestOptions(NamedTuple):
    """How a run of pytest is profiled."""

    each: bool
    """Each test by itself, not the session."""
    printed: ReportFormat | None
    """The session's report is printed, in this format."""
    folder: ProfileFolder
    record: RecordOptions
    slowest: int
    may_show_source: bool

    @classmethod
    def of(cls, given: Any, root: str) -> PytestOptions:
        """Of pytest's options, in a project at *root*. Raises ``ValueError``."""
        settings = load_settings(folder=root)
        check_number("--pyinstrument-slowest", given.pyinstrument_slowest, 0)
        check_number("--pyinstrument-slower-than", given.pyinstrument_slower_than, 0)
        each = bool(given.pyinstrument_each)
        wanted: str = given.pyinstrument or ("html" if each else "text")
        report = _report(wanted, settings)
        printed = None
        if not each and given.pyinstrument_dir is None and report.extension == "txt":
            unicode = supports_unicode(sys.__stdout__)
            unicode = unicode if settings.unicode is None else settings.unicode
            printed = report_format(settings, wanted, unicode=unicode)
        # Like other paths of an option or a variable: below the folder where pytest was started.
        path = given.pyinstrument_dir or settings.profile_dir
        path = os.path.expanduser(path) if path else os.path.join(root, DEFAULT_FOLDER)
        return cls(
            each=each,
            printed=printed,
            folder=ProfileFolder(
                os.path.abspath(path),
                report=report,
                keep=_KEEP,
                max_bytes=_MAX_BYTES,
                slower_than=given.pyinstrument_slower_than if each else 0.0,
            ),
            record=record_options(settings),
            slowest=given.pyinstrument_slowest,
            may_show_source=settings.source is not False,
        )


def _report(wanted: str, settings: Settings) -> ReportFormat:
    try:
        # The argument after the option is taken for its value, whatever it was meant to be; but a
        # project may have a folder called html.
        is_known = canonical_name(wanted) in renderer_names()
        if not is_known and os.path.exists(wanted.partition("::")[0]):
            raise InvalidSettingError("that is a file or folder, not a format")
        return report_format(settings, wanted, unicode=True)
    except InvalidSettingError as error:
        raise InvalidSettingError(
            f"--pyinstrument {wanted}: {error}; tests to be run go before --pyinstrument, or "
            "write --pyinstrument=text"
        ) from None
