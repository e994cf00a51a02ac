"""Paths as readers want to see them: relative to the ``sys.path`` entry that says most.

Works on strings alone, so that a session of another machine or system reads the same.
"""

from __future__ import annotations

import re
from typing import Sequence

_DRIVE = re.compile(r"[A-Za-z]:")


def is_windows_path(path: str) -> bool:
    """Whether a path is spelt the Windows way: a drive letter, or a UNC share."""
    return bool(_DRIVE.match(path)) or path.startswith("\\\\")


def is_absolute(path: str) -> bool:
    """Whether a path says where it starts, on either system."""
    return path.startswith("/") or is_windows_path(path)


def path_components(path: str) -> list[str]:
    """The names in a path, without empty ones and ``.``; a drive is the first."""
    if is_windows_path(path):
        path = path.replace("\\", "/")
    return [name for name in path.split("/") if name not in ("", ".")]


def starts_with_components(path: Sequence[str], prefix: Sequence[str], windows: bool) -> bool:
    """Whether *prefix* is a folder above *path* (or the same), compared name by name."""
    head = path[: len(prefix)]
    if windows:  # where the case of letters means nothing
        return [name.lower() for name in head] == [name.lower() for name in prefix]
    return list(head) == list(prefix)


class PathShortener:
    """Shortens the paths of one session; the answers are kept."""

    def __init__(self, sys_path: Sequence[str]) -> None:
        self._known: dict[str, str] = {}
        entries = {entry: path_components(entry) for entry in sys_path if is_absolute(entry)}
        # The deepest entry leaves the fewest names.
        self._entries = sorted(entries.items(), key=lambda entry: -len(entry[1]))

    def shorten(self, path: str) -> str:
        """*path* relative to the entry that leaves the fewest components; as it is if none does."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._shorten(path)
        return found

    def _shorten(self, path: str) -> str:
        if not is_absolute(path):
            return path
        windows = is_windows_path(path)
        names = path_components(path)
        for entry, entry_names in self._entries:
            if is_windows_path(entry) != windows or len(entry_names) >= len(names):
                continue
            if starts_with_components(names, entry_names, windows):
                return ("\\" if windows else "/").join(names[len(entry_names) :])
        return path
