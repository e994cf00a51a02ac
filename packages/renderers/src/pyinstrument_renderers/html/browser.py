"""Opens a page in the user's browser, from a file that stays: it may be read much later."""

from __future__ import annotations

import os
from pathlib import Path

from ..outputs import write_output


def write_page(page: str, path: str | None = None) -> str:
    """The absolute path of the file written: *path*, or a new one among the temporary files.

    Raises ``OutputError``.
    """
    if path is None:
        path = _new_temporary_file()
    path = os.path.abspath(path)
    write_output(path, page)
    return path


def open_page(path: str) -> bool:
    """Whether there was a browser to open it."""
    import webbrowser

    return webbrowser.open(Path(path).as_uri())


def _new_temporary_file() -> str:
    """Only its owner can read it."""
    import tempfile

    from ..errors import OutputError

    try:
        descriptor, path = tempfile.mkstemp(prefix="pyinstrument-", suffix=".html")
    except OSError as error:
        raise OutputError("a temporary file", error.strerror or str(error)) from error
    os.close(descriptor)
    return path
