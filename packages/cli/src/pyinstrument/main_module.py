"""Makes the ``__main__`` module and the ``sys`` values that ``python`` gives a program.

Pickling, ``multiprocessing`` and ``import __main__`` find the program, not the profiler, only if
the module in ``sys.modules`` really is the program's.
"""

from __future__ import annotations

import builtins
import os
import sys
from types import ModuleType
from typing import Any, Sequence

_replaced: list[ModuleType | None] = []
"""What ``__main__`` was, if the command is a script: when ``python`` has printed an exception it
takes names out of that module's dictionary, which it does not hold."""


def install_main_module(file: str | None = None, loader: object | None = None) -> ModuleType:
    """Puts a fresh ``__main__`` into ``sys.modules``, with the names that plain ``python`` sets.

    *file* is the program's ``__file__``, for programs that have one; *loader* is None where
    ``python`` names the loader of built-in modules (``-c``, ``-m`` and standard input).
    """
    main = ModuleType("__main__")
    names: dict[str, Any] = {
        "__builtins__": builtins,
        "__loader__": loader or sys.modules["_frozen_importlib"].BuiltinImporter,
    }
    if sys.version_info < (3, 14):  # later versions make it when it is asked for
        names["__annotations__"] = {}
    if file is not None:
        names["__file__"] = file
        if sys.version_info < (3, 15):
            names["__cached__"] = None
    vars(main).update(names)
    _replaced.append(sys.modules.get("__main__"))
    sys.modules["__main__"] = main
    return main


def forget_file(main: ModuleType) -> None:
    """Removes what ``python`` removes from a script's ``__main__`` once the script has ended.

    Callbacks of ``atexit`` and threads that go on can tell.
    """
    vars(main).pop("__file__", None)
    vars(main).pop("__cached__", None)


def set_arguments(
    program: str, arguments: Sequence[str], path: str, *, even_if_safe: bool = False
) -> None:
    """Sets ``sys.argv``, and the first entry of ``sys.path`` where ``python`` would.

    ``-P``, ``-I`` and ``PYTHONSAFEPATH`` keep that entry out, unless *even_if_safe* (folders and
    archives must be there to be run); then there is none of the command's own to be replaced.
    """
    sys.argv[:] = [program, *arguments]
    is_safe = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
    if not is_safe:
        sys.path[0:1] = [path]
    elif even_if_safe:
        sys.path.insert(0, path)


def absolute_script_path(script: str) -> str:
    """A script's ``__file__``: absolute from 3.9 on, and not tidied up, except by Windows."""
    if sys.version_info < (3, 9) or os.path.isabs(script):
        return script
    if sys.platform == "win32":
        return os.path.abspath(script)
    return os.path.join(os.getcwd(), script)


def script_folder(script: str) -> str:
    """The folder that ``python`` puts on ``sys.path`` for a script: of the file behind links."""
    resolve = os.path.abspath if sys.platform == "win32" else os.path.realpath
    return os.path.dirname(resolve(script))


def is_import_location(path: str) -> bool:
    """Whether ``python`` would look for a ``__main__`` inside (folders, zip archives)."""
    for hook in sys.path_hooks:
        try:
            hook(path)
        except ImportError:
            continue
        return True
    return False
