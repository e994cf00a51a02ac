"""Lets us import what a report needs after a program has had its way with imports.

A program may lie beside a ``json.py`` of its own, empty ``sys.path`` or change the folder that
relative entries start from.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType, TracebackType
from typing import Any


class OwnImports:
    """A context in which imports work as they did when this object was made.

    The program's own entries of ``sys.path`` come last meanwhile (a session keeps them, to shorten
    paths), and modules that it found elsewhere are away; then everything is as it was.
    """

    def __init__(self, *, before_main: bool = False) -> None:
        """
        Args:
            before_main: The program has not been started, so that ``sys.path`` has no entry for it.
        """
        is_safe = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
        # The first entry is where the command itself was started, or where it lies.
        entries = sys.path if is_safe or before_main else sys.path[1:]
        self._path = [os.path.abspath(entry) for entry in entries]
        self._modules = frozenset(sys.modules)
        self._programs_path: Any = sys.path
        self._programs_modules: dict[str, ModuleType] = {}

    def __enter__(self) -> None:
        __tracebackhide__ = True  # it runs while the program is still being recorded
        self._programs_path = sys.path
        self._programs_modules = {}
        for name, module in list(sys.modules.items()):
            if self._is_foreign(name):
                self._programs_modules[name] = module
        sys.path = [*self._path, *self._programs_entries()]
        for name in self._programs_modules:
            del sys.modules[name]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        sys.path = self._programs_path
        sys.modules.update(self._programs_modules)

    def _programs_entries(self) -> list[str]:
        if not isinstance(self._programs_path, list):  # the program may have set anything
            return []
        return [entry for entry in self._programs_path if isinstance(entry, str)]

    def _is_foreign(self, name: str) -> bool:
        __tracebackhide__ = True
        top = name.partition(".")[0]
        if name in self._modules or top in ("__main__", "__mp_main__"):
            return False
        file = getattr(sys.modules.get(top), "__file__", None)
        if not isinstance(file, str) or top.startswith("pyinstrument"):
            return False
        folder, base = os.path.split(os.path.abspath(file))
        if base.startswith("__init__."):
            folder = os.path.dirname(folder)
        return folder not in self._path and not folder.endswith("lib-dynload")
