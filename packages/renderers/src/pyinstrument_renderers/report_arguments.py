"""From what somebody asks of a report, and the settings, to the arguments of a renderer.

The command, the magics of notebooks and the plugin of pytest have the same options: what these
mean, and what is said about wrong ones, is here.
"""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple, Protocol

from .errors import MisconfigurationError
from .settings import Settings


class Asked(Protocol):
    """What was asked for; None where nothing was. A NamedTuple with these fields is one."""

    @property
    def render_options(self) -> tuple[str, ...]: ...
    @property
    def timeline(self) -> bool | None: ...
    @property
    def show_all(self) -> bool | None: ...
    @property
    def clock(self) -> str | None: ...
    @property
    def hide(self) -> str | None: ...
    @property
    def hide_regex(self) -> str | None: ...
    @property
    def show(self) -> str | None: ...
    @property
    def show_regex(self) -> str | None: ...


class AskedOptions(NamedTuple):
    """As the options of the command line are called."""

    render_options: tuple[str, ...] = ()
    """Like ``("time=percent_of_total",)``."""
    timeline: bool | None = None
    show_all: bool | None = None
    clock: str | None = None
    hide: str | None = None
    hide_regex: str | None = None
    show: str | None = None
    show_regex: str | None = None


def asked_arguments(asked: Asked) -> dict[str, Any]:
    """Renderer arguments that are asked for, whatever the renderer.

    Raises ``MisconfigurationError``.
    """
    found = parse_render_options(asked.render_options)
    if asked.timeline:
        found["timeline"] = True
    if asked.show_all:
        found["show_all"] = True
    if asked.clock is not None:
        found["clock"] = asked.clock
    patterns = _patterns("--", asked.hide, asked.hide_regex, asked.show, asked.show_regex)
    if patterns:
        given = found.setdefault("processor_options", {})
        if not isinstance(given, dict):
            raise MisconfigurationError(
                f"-p processor_options={given!r}: set one, like -p processor_options.x=1"
            )
        given.update(patterns)
    return found


def default_arguments(asked: Asked, settings: Settings) -> dict[str, Any]:
    """Renderer arguments from the settings, as far as nothing else was asked for.

    Raises ``MisconfigurationError``.
    """
    found: dict[str, Any] = {}
    if settings.timeline and asked.timeline is None:
        found["timeline"] = True
    if settings.clock is not None and asked.clock is None:
        found["clock"] = settings.clock
    asks_to_show = (asked.show, asked.show_regex, asked.show_all) != (None, None, None)
    asks_to_hide = (asked.hide, asked.hide_regex) != (None, None)
    if settings.show_all and not asks_to_show:
        found["show_all"] = True
    patterns = _patterns(
        "the setting ",
        None if asks_to_hide else settings.hide,
        None if asks_to_hide else settings.hide_regex,
        None if asks_to_show else settings.show,
        None if asks_to_show else settings.show_regex,
    )
    if patterns:
        found["processor_options"] = patterns
    return found


def merged_arguments(
    supported: Iterable[str] | None, defaults: dict[str, Any], asked: dict[str, Any]
) -> dict[str, Any]:
    """Those arguments that a renderer has, what was asked for over the defaults.

    *supported* is what ``registry.option_names`` tells of it.
    """
    known = None if supported is None else {*supported}
    given = {name: value for name, value in defaults.items() if known is None or name in known}
    for name, value in asked.items():
        if known is None or name in known:
            given[name] = _merged(given.get(name), value)
    return given


def parse_render_options(given: Iterable[str]) -> dict[str, Any]:
    """Renderer arguments of ``key``, ``key=value`` and ``key.key=value``.

    A value that is JSON is read as such, any other is text; a key alone means true. Raises
    ``MisconfigurationError``.
    """
    found: dict[str, Any] = {}
    for text in given:
        path, equals, value = text.partition("=")
        keys = path.strip().split(".")
        if not all(keys):
            raise MisconfigurationError(f"-p {text!r}: it must be 'name' or 'name=value'")
        _store(found, keys, _parse_value(value) if equals else True, text)
    return found


def _patterns(
    origin: str,
    hide: str | None,
    hide_regex: str | None,
    show: str | None,
    show_regex: str | None,
) -> dict[str, str]:
    """What to hide and show, as the processors want it; *origin* begins the name in an error."""
    found = {}
    for name, glob, regex in (("hide", hide, hide_regex), ("show", show, show_regex)):
        if glob is not None:
            found[f"{name}_regex"] = glob_to_regex(glob)
        elif regex is not None:
            found[f"{name}_regex"] = check_pattern(f"{origin}{name}-regex", regex)
    return found


def check_pattern(name: str, regex: str) -> str:
    """The regular expression itself, if it is one; *name* is what the user calls it."""
    import re

    try:
        re.compile(regex)
    except re.error as error:
        raise MisconfigurationError(
            f"{name} {regex!r} is not a regular expression: {error}"
        ) from None
    return regex


def glob_to_regex(glob: str) -> str:
    """A regular expression for the file paths that a glob matches."""
    import fnmatch

    return fnmatch.translate(glob)


def _merged(default: Any, value: Any) -> Any:
    if isinstance(default, dict) and isinstance(value, dict):
        return {**default, **value}
    return value


def _store(options: dict[str, Any], keys: list[str], value: Any, text: str) -> None:
    for depth, key in enumerate(keys[:-1], start=1):
        options = options.setdefault(key, {})
        if not isinstance(options, dict):
            raise MisconfigurationError(
                f"-p {text!r}: {'.'.join(keys[:depth])!r} has a value already"
            )
    options[keys[-1]] = value


def _parse_value(value: str) -> Any:
    import json

    try:
        return json.loads(value)
    except ValueError:
        return value
