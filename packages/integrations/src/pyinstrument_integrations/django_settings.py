"""Django's settings for the profiler: the names that pyinstrument's users know, and some more."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Callable

from .errors import InvalidSettingError
from .failures import tell_once
from .web_settings import WebSettings, tell_of_unknown

PREFIX = "PYINSTRUMENT_"

OPTIONS = {
    "URL_ARGUMENT": "query_key",
    "PROFILE_DIR": "profile_dir",
    "PROFILE_DIR_RENDERER": "file_renderer",
    "FILENAME": "file_name",
    "INTERVAL": "interval",
    "ONE_IN": "one_in",
    "SLOWER_THAN": "slower_than",
    "KEEP": "keep",
    "MAX_BYTES": "max_bytes",
    "INDEX_PATH": "index_path",
    "ASYNC_MODE": "async_mode",
    "ENGINE": "engine",
    "THREADS": "threads",
}
"""Setting, without its prefix → what :class:`WebSettings` calls it."""

FUNCTIONS = ("SHOW_CALLBACK", "FILENAME_CALLBACK")
"""Functions, or their import paths."""

WITHOUT_EFFECT = ("USE_SIGNAL",)
"""Settings of older versions."""


def read_settings(django: Any) -> WebSettings:
    """The settings of a project. Raises ``InvalidSettingError``."""
    options: dict[str, Any] = {"threads": "linked"}
    for name, option in OPTIONS.items():
        value = getattr(django, PREFIX + name, None)
        # None is what is not set, but for the one setting that it has a meaning for.
        if value is not None or (name == "URL_ARGUMENT" and hasattr(django, PREFIX + name)):
            options[option] = value
    if options.get("async_mode") == "disabled" and options["threads"] == "linked":
        options["threads"] = "current"
    allow = _function(django, "SHOW_CALLBACK")
    if allow is not None:
        # Since pyinstrument 5.1.3 it decides on files as well.
        options["allow"] = options["when"] = allow
    for name in WITHOUT_EFFECT:
        if hasattr(django, PREFIX + name):
            tell_once(f"the setting {PREFIX}{name} has no effect any more")
    tell_of_unknown(PREFIX, dir(django), (*OPTIONS, *FUNCTIONS, *WITHOUT_EFFECT))
    try:
        return WebSettings.of(options)
    except InvalidSettingError as error:
        raise InvalidSettingError(f"settings {PREFIX}*: {error}") from error


def file_name_callback(django: Any) -> Callable[[Any, Any, Any], str] | None:
    """``f(request, session, renderer)``, which tells the name of a file; None: none is set."""
    return _function(django, "FILENAME_CALLBACK")


def _function(django: Any, name: str) -> Callable[..., Any] | None:
    value = getattr(django, PREFIX + name, None)
    found = _imported(PREFIX + name, value) if isinstance(value, str) else value
    if found is not None and not callable(found):
        raise InvalidSettingError(
            f"{PREFIX}{name} must be a function or the import path of one, not {value!r}"
        )
    function: Callable[..., Any] | None = found
    return function


def _imported(setting: str, path: str) -> object:
    module, _, attribute = path.rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InvalidSettingError(f"{setting}: cannot import {path!r}: {error}") from error
