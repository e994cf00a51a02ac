"""Reads the values of options: intervals, titles, patterns, and ``-p key=value``."""

from __future__ import annotations

from typing import Any, Iterable, Sequence

from .errors import UsageError

SHORTEST_INTERVAL = 0.0001
LONGEST_INTERVAL = 10.0


def check_interval(name: str, seconds: float) -> float:
    """The interval itself, if it is one that can be sampled at; seconds.

    *name* is what the user calls it, here and below.
    """
    if not SHORTEST_INTERVAL <= seconds <= LONGEST_INTERVAL:  # also refuses NaN
        raise UsageError(
            f"{name} must be from {SHORTEST_INTERVAL} to {LONGEST_INTERVAL:g} seconds, "
            f"not {seconds:g}"
        )
    return seconds


def format_description(name: str, template: str, words: Sequence[str]) -> str:
    """The title of a report; ``{args}`` in it becomes the program and its arguments."""
    try:
        return template.format(args=" ".join(words))
    except KeyError as error:
        fault = f"there is no {{{error.args[0]}}}"
    except IndexError:
        fault = "the braces are empty or numbered"
    except Exception as error:  # whatever str.format makes of it
        fault = str(error)
    raise UsageError(
        f"{name} {template!r}: {fault}; "
        "'{args}' is the only placeholder, and '{{' stands for a brace"
    )


def check_pattern(name: str, regex: str) -> str:
    """The regular expression itself, if it is one."""
    import re

    try:
        re.compile(regex)
    except re.error as error:
        raise UsageError(f"{name} {regex!r} is not a regular expression: {error}") from None
    return regex


def glob_to_regex(glob: str) -> str:
    """A regular expression for the file paths that a glob matches."""
    import fnmatch

    return fnmatch.translate(glob)


def parse_render_options(given: Iterable[str]) -> dict[str, Any]:
    """Renderer arguments of ``key``, ``key=value`` and ``key.key=value``.

    A value that is JSON is read as such, any other is text; a key alone means true.
    """
    found: dict[str, Any] = {}
    for text in given:
        path, equals, value = text.partition("=")
        keys = path.strip().split(".")
        if not all(keys):
            raise UsageError(f"-p {text!r}: it must be 'name' or 'name=value'")
        _store(found, keys, _parse_value(value) if equals else True, text)
    return found


def _store(options: dict[str, Any], keys: list[str], value: Any, text: str) -> None:
    for depth, key in enumerate(keys[:-1], start=1):
        options = options.setdefault(key, {})
        if not isinstance(options, dict):
            raise UsageError(f"-p {text!r}: {'.'.join(keys[:depth])!r} has a value already")
    options[keys[-1]] = value


def _parse_value(value: str) -> Any:
    import json

    try:
        return json.loads(value)
    except ValueError:
        return value
