"""Reads the source lines that a session needs to be understood on another machine.

Only lines that were sampled and those around them, only of the user's own code, and never of a
file whose name says that it may hold secrets.
"""

from __future__ import annotations

import fnmatch
import linecache
import re
from typing import TYPE_CHECKING

from pyinstrument_sampler.recording import FrameKind

from .path_shortening import path_components

if TYPE_CHECKING:
    from .session import Session

_SECRET_NAMES = (
    "*.env",
    ".env*",
    "*secret*",
    "*credential*",
    "*password*",
    "*passwd*",
    "*api[_-]key*",
    "*apikey*",
    "*private[_-]key*",
    "local_settings.*",
    "settings_local.*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
)
"""Of a file's name in lower case; in the middle of a word, too: better a line too few."""
_TOKEN = re.compile("(?:^|[^a-z])tokens?(?:[^a-z]|$)")
"""A word of the name. Not part of one: a tokenizer holds no secret."""


def may_hold_secrets(path: str) -> bool:
    """Whether the file's name suggests that its lines should not travel."""
    names = path_components(path)
    name = names[-1].lower() if names else ""
    if _TOKEN.search(name):
        return True
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _SECRET_NAMES)


def read_source_lines(session: Session, context: int = 0) -> dict[str, dict[int, str]]:
    """File → line → text, for the sampled lines and the first lines of their functions.

    *context*: so many lines before and after each.
    """
    wanted: dict[str, set[int]] = {}
    recording = session.recording
    frames, strings = recording.frames, recording.strings
    is_application = session.path_rules.application_code.is_application_file
    for frame, line in zip(recording.locations.frame, recording.locations.line):
        file = strings[frames.file[frame]]
        if frames.kind[frame] == FrameKind.PYTHON and is_application(file):
            wanted.setdefault(file, set()).update((line, frames.first_line[frame]))
    found: dict[str, dict[int, str]] = {}
    for file in sorted(wanted):
        if may_hold_secrets(file):
            continue
        linecache.checkcache(file)  # the program itself may have asked for it before an edit
        try:
            lines = linecache.getlines(file)
        except ValueError:  # no file can have such a name; newer Pythons find no lines
            continue
        texts = {
            line: lines[line - 1].rstrip("\r\n")
            for line in _around(wanted[file], context, len(lines))
        }
        if texts:
            found[file] = texts
    return found


def _around(lines: set[int], context: int, last: int) -> list[int]:
    """The lines of a file that has *last* of them, and those near them, in order."""
    near = {
        place
        for line in lines
        if 0 < line <= last
        for place in range(line - context, line + context + 1)
    }
    return sorted(line for line in near if 0 < line <= last)
