"""What a stream can show: colour, box drawing, how many columns.

Conventions: https://no-color.org, https://force-color.org, and ``TERM=dumb``.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Mapping

GLYPHS = "├─└│…±"
"""What the renderers print beyond ASCII when ``unicode`` is on."""

_WINDOWS_COLOR = ("WT_SESSION", "ANSICON", "ConEmuANSI", "TERM_PROGRAM", "TERM")
"""Set by Windows terminals that understand escape sequences."""


def is_terminal(stream: Any) -> bool:
    """Whether the stream is a terminal; False for anything that cannot tell."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # ValueError: it is closed
        return False


def supports_color(
    stream: Any,
    environ: Mapping[str, str] | None = None,
    platform: str = sys.platform,
) -> bool:
    """Whether to colour what is written to *stream*.

    In this order: ``NO_COLOR`` (not empty) means no; ``FORCE_COLOR`` means yes (``0``: no);
    ``TERM=dumb`` means no; else colour goes to terminals only.
    """
    env = os.environ if environ is None else environ
    if env.get("NO_COLOR"):
        return False
    forced = env.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    if env.get("TERM") == "dumb" or not is_terminal(stream):
        return False
    return platform != "win32" or any(env.get(name) for name in _WINDOWS_COLOR)


def supports_unicode(stream: Any) -> bool:
    """Whether the stream's encoding has the glyphs of a tree."""
    encoding = getattr(stream, "encoding", None)
    if not encoding:  # io.StringIO and the like hold any text
        return True
    try:
        GLYPHS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def terminal_width(stream: Any, environ: Mapping[str, str] | None = None) -> int | None:
    """Columns of the terminal that *stream* writes to, or ``COLUMNS``; None where it is none."""
    if not is_terminal(stream):
        return None
    columns = (os.environ if environ is None else environ).get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        # Not shutil's function: it asks the standard output, whatever the stream.
        return os.get_terminal_size(stream.fileno()).columns or None
    except (AttributeError, ValueError, OSError):  # a terminal without a descriptor, or size
        return None
