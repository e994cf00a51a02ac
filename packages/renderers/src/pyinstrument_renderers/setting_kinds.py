"""The kinds of values that settings have, and how each is read from TOML and from text."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple


class Kind(NamedTuple):
    """Two readers of one kind of value. Both raise ``ValueError``, which says what it must be."""

    from_toml: Callable[[Any], Any]
    """Of a value that TOML has a type for."""
    from_text: Callable[[str], Any]
    """Of the value of an environment variable."""


def _string_from_toml(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it must be a string")
    return value


def _flag_from_toml(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false")
    return value


def _flag_from_text(text: str) -> bool:
    word = text.strip().lower()
    if word in ("1", "true", "yes", "on", "y", "t"):
        return True
    if word in ("0", "false", "no", "off", "n", "f"):
        return False
    raise ValueError("it must be 1 or 0")


def _number_from_toml(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("it must be a number")
    return float(value)


def _number_from_text(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("it must be a number") from None


def _count_from_toml(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("it must be a whole number above 0")
    return value


def _count_from_text(text: str) -> int:
    return _count_from_toml(int(text) if text.strip().isdecimal() else None)


def choice(*words: str) -> Kind:
    """One of some words."""

    def check(value: Any) -> str:
        if value not in words:
            raise ValueError(f"it must be one of {', '.join(words)}")
        return str(value)

    return Kind(check, check)


STRING = Kind(_string_from_toml, str)
FLAG = Kind(_flag_from_toml, _flag_from_text)
NUMBER = Kind(_number_from_toml, _number_from_text)
COUNT = Kind(_count_from_toml, _count_from_text)
