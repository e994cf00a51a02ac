"""Opens sessions that were saved, for ``--load`` and ``--load-prev``."""

from __future__ import annotations

from pyinstrument_model.errors import ModelError
from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.report_store import ReportStore

from .errors import UsageError

_HOW_TO_SAVE = "save a session with 'pyinstrument -o FILE.pyisession', which --load opens"


def load_session(path: str) -> Session:
    """The session in a file. Raises ``UsageError``, which names the fault."""
    try:
        return Session.load(path)
    except ModelError as error:
        if _is_json_report(path):
            raise UsageError(
                f"{path!r} is a JSON report: it holds a finished call tree, no samples, so it "
                f"cannot be loaded; {_HOW_TO_SAVE}"
            ) from error
        raise UsageError(str(error)) from error


def load_previous(report_id: str, store: ReportStore | None) -> Session:
    """The session of an earlier run. Raises ``UsageError``."""
    if store is None:
        raise UsageError("--load-prev: the report store is switched off by the settings")
    try:
        return store.load(report_id)
    except (RendererError, ModelError) as error:
        raise UsageError(f"--load-prev: {error}") from error


def _is_json_report(path: str) -> bool:
    """Whether a file looks like the output of ``-r json``."""
    try:
        with open(path, "rb") as file:
            beginning = file.read(65536)
    except OSError:
        return False
    return beginning.lstrip().startswith(b"{") and b'"root_frame"' in beginning
