"""A statistical profiler: ``Profiler`` and ``profile`` show where a program's time went.

The names are loaded when they are first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from .magic import load_ipython_extension as load_ipython_extension
    from .magic import unload_ipython_extension as unload_ipython_extension
    from .profile_calls import profile as profile
    from .profiler import Profiler as Profiler

    __version__: str

__all__ = [
    "Profiler",
    "__version__",
    "load_ipython_extension",
    "profile",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> Any:
    value: Any
    if name == "Profiler":
        from .profiler import Profiler as value
    elif name == "profile":
        from .profile_calls import profile as value
    elif name == "load_ipython_extension":
        from .magic import load_ipython_extension as value
    elif name == "unload_ipython_extension":
        from .magic import unload_ipython_extension as value
    elif name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            value = version("pyinstrument")
        except PackageNotFoundError:  # used without having been installed
            value = "unknown"
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
