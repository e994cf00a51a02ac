"""Finds renderers by name, by file suffix or by import path, and makes them with options.

A renderer's module is imported when it is chosen; third parties' are looked up among installed
packages (entry points of the group ``pyinstrument.renderers``) when a name is not one of ours.
"""

from __future__ import annotations

import sys
from typing import Any

from .errors import OptionError, RendererImportError, UnknownRendererError
from .interface import Renderer

ENTRY_POINT_GROUP = "pyinstrument.renderers"

_CO_VARKEYWORDS = 0x08  # as in inspect

BUILT_IN: dict[str, tuple[str, str]] = {
    "text": ("pyinstrument_renderers.console", "ConsoleRenderer"),
    "json": ("pyinstrument_renderers.json", "JSONRenderer"),
    "session": ("pyinstrument_renderers.session", "SessionRenderer"),
    "html": ("pyinstrument_renderers.html", "HTMLRenderer"),
    "speedscope": ("pyinstrument_renderers.speedscope", "SpeedscopeRenderer"),
    "pstats": ("pyinstrument_renderers.pstats", "PstatsRenderer"),
    "collapsed": ("pyinstrument_renderers.collapsed", "CollapsedRenderer"),
    "pprof": ("pyinstrument_renderers.pprof", "PprofRenderer"),
    "gecko": ("pyinstrument_renderers.gecko", "GeckoRenderer"),
    "chrome-trace": ("pyinstrument_renderers.chrome_trace", "ChromeTraceRenderer"),
    "markdown": ("pyinstrument_renderers.markdown", "MarkdownRenderer"),
    "csv": ("pyinstrument_renderers.csv", "CSVRenderer"),
}
ALIASES: dict[str, str] = {"console": "text", "pyisession": "session"}
"""Names that pyinstrument has had for some of them."""

NAME_BY_SUFFIX: dict[str, str] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".speedscope.json": "speedscope",
    ".gecko.json": "gecko",
    ".trace.json": "chrome-trace",
    ".json": "json",
    ".pyisession": "session",
    ".pstats": "pstats",
    ".collapsed": "collapsed",
    ".pb.gz": "pprof",
    ".md": "markdown",
    ".csv": "csv",
}
"""Formats that somebody who gives such a file name wants."""


def canonical_name(name: str) -> str:
    """The one name of a renderer that has several; others are as they were."""
    return ALIASES.get(name, name)


def renderer_name_for_path(path: str) -> str:
    """Name of the renderer for an output file: the longest known suffix decides, else text."""
    lowered = path.lower()
    for suffix in sorted(NAME_BY_SUFFIX, key=len, reverse=True):
        if lowered.endswith(suffix):
            return NAME_BY_SUFFIX[suffix]
    return "text"


def renderer_names() -> list[str]:
    """One name a renderer: ours, then those of installed packages."""
    taken = {*BUILT_IN, *ALIASES}
    return [*BUILT_IN, *sorted({point.name for point in _entry_points()} - taken)]


def renderer_class(name: str) -> type[Renderer]:
    """The class behind a name or an import path.

    Raises ``UnknownRendererError`` or ``RendererImportError``.
    """
    built_in = BUILT_IN.get(canonical_name(name))
    if built_in is not None:
        module, attribute = built_in
        return _import_class(name, module, attribute)
    for point in _entry_points():
        if point.name == name:
            return _load_entry_point(point)
    module, dot, attribute = name.rpartition(".")
    if not dot or not all(part.isidentifier() for part in name.split(".")):
        raise UnknownRendererError(name, renderer_names())
    return _import_class(name, module, attribute)


def create_renderer(name: str, options: dict[str, Any] | None = None) -> Renderer:
    """A renderer by name or import path, with constructor options.

    Raises ``OptionError`` for an option it does not have, ``MisconfigurationError`` for a value
    it refuses, and what ``renderer_class`` raises.
    """
    found = renderer_class(name)
    given = options or {}
    valid = option_names(found)
    if valid is not None:
        for option in given:
            if option not in valid:
                raise OptionError(name, option, valid)
    return found(**given)


def option_names(renderer: type[Renderer]) -> tuple[str, ...] | None:
    """Options of a renderer class, in order; None when it takes any (``**options``)."""
    # Read from the code object: importing inspect would cost each run more than this whole module.
    code = getattr(renderer.__init__, "__code__", None)
    if code is None:  # object's own __init__: no options
        return ()
    if code.co_flags & _CO_VARKEYWORDS:
        return None
    count = code.co_argcount + code.co_kwonlyargcount
    return tuple(code.co_varnames[1:count])


def _import_class(name: str, module: str, attribute: str) -> type[Renderer]:
    from importlib import import_module

    try:
        imported = import_module(module)
    except ModuleNotFoundError as error:
        raise RendererImportError(
            f"cannot import renderer {name!r}: there is no module {error.name!r} on sys.path; "
            "for one in this folder set PYTHONPATH=. ; "
            f"renderers by name are: {', '.join(renderer_names())}"
        ) from error
    except Exception as error:  # whatever a foreign module does on import
        raise RendererImportError(
            f"cannot import renderer {name!r}: importing {module!r} raised "
            f"{type(error).__name__}: {error}"
        ) from error
    if not hasattr(imported, attribute):
        raise RendererImportError(
            f"cannot import renderer {name!r}: module {module!r} has no {attribute!r}"
        )
    return _checked(name, getattr(imported, attribute))


def _load_entry_point(point: Any) -> type[Renderer]:
    try:
        found = point.load()
    except Exception as error:  # whatever a foreign package does on import
        raise RendererImportError(
            f"renderer {point.name!r} is installed as {point.value!r}, but loading it raised "
            f"{type(error).__name__}: {error}"
        ) from error
    return _checked(point.name, found)


def _checked(name: str, found: Any) -> type[Renderer]:
    # Not issubclass: classes written for other releases only have the methods.
    if not isinstance(found, type) or not callable(getattr(found, "render", None)):
        raise RendererImportError(
            f"renderer {name!r} is {found!r}, which is not a class with a method 'render'"
        )
    return found


def _entry_points() -> list[Any]:
    from importlib.metadata import entry_points

    points: Any = entry_points()
    if sys.version_info >= (3, 10):
        return list(points.select(group=ENTRY_POINT_GROUP))
    return list(dict.fromkeys(points.get(ENTRY_POINT_GROUP, ())))
