"""Tells the user's own code from libraries, by path alone: a library lies where installers put it.

That is in ``site-packages``, or in the standard library's folder of an interpreter prefix. The rest
of a prefix is not: ``/usr`` is one, and so may be the folder of a project.
"""

from __future__ import annotations

import re
from typing import Sequence

from .path_shortening import (
    is_absolute,
    is_windows_path,
    path_components,
    starts_with_components,
)

_INSTALL_FOLDERS = frozenset({"site-packages", "dist-packages"})
_LIBRARY_FOLDERS = frozenset({"lib", "lib64"})
_VERSIONED_INTERPRETER = re.compile(r"(python|pypy|graalpy)\d")
"""``python3.12``, ``python312.zip``; a project may have its own ``lib/python_tools``."""
_TYPED_IN = ("<ipython-input-", "<python-input-")
"""What IPython and the prompt of Python 3.13 call what is typed in."""
_PYPY_FOLDERS = frozenset({"lib-python", "lib_pypy"})


class ApplicationCode:
    """The rule for one session's prefixes; the answers are kept."""

    def __init__(self, sys_prefixes: Sequence[str]) -> None:
        self._known: dict[str, bool] = {}
        self._prefixes = [
            (path_components(prefix), is_windows_path(prefix))
            for prefix in sys_prefixes
            if is_absolute(prefix)
        ]

    def is_application_file(self, path: str) -> bool:
        """Whether a file is the user's. ``<string>`` and ``<stdin>`` depend on the caller, which
        this does not know: see :func:`inherits_from_caller`."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._decide(path)
        return found

    def _decide(self, path: str) -> bool:
        if not path:
            return False
        if path.startswith("<"):
            return path.startswith(_TYPED_IN)
        names = path_components(path)
        if not _INSTALL_FOLDERS.isdisjoint(names[:-1]):
            return False
        if not self._prefixes:  # a session of pyinstrument 4, which did not record them
            return not any(
                _is_standard_library(names[place:], False) for place in range(len(names))
            )
        windows = is_windows_path(path)
        for prefix, prefix_is_windows in self._prefixes:
            if prefix_is_windows == windows and starts_with_components(names, prefix, windows):
                if _is_standard_library(names[len(prefix) :], windows):
                    return False
        return True


def inherits_from_caller(path: str) -> bool:
    """Whether code of this file belongs to whoever ran it: ``exec`` of a string, ``-c``."""
    return path in ("<string>", "<stdin>")


def _is_standard_library(below_prefix: Sequence[str], windows: bool) -> bool:
    """Whether the names below a prefix lead into the standard library.

    POSIX: ``lib/python3.12/…`` (``lib/tool.py`` is no part of it: a prefix may be the folder of a
    project). Windows: ``Lib\\…``, ``DLLs\\…`` and ``python312.zip``.
    """
    if len(below_prefix) < 2:
        return False
    first = below_prefix[0].lower() if windows else below_prefix[0]
    if windows:
        return first in ("lib", "dlls") or bool(_VERSIONED_INTERPRETER.match(first))
    if first in _PYPY_FOLDERS:
        return True
    return first in _LIBRARY_FOLDERS and bool(_VERSIONED_INTERPRETER.match(below_prefix[1]))
