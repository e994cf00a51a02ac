"""Options of the processors, checked when they are given rather than deep inside a rendering."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple, Pattern

from .errors import OptionError

DEFAULT_FILTER_THRESHOLD = 0.01


class ProcessorOptions(NamedTuple):
    """What processors may be told; one value serves a whole chain.

    Make it with :meth:`of`, which checks.
    """

    filter_threshold: float = DEFAULT_FILTER_THRESHOLD
    """Nodes with less than this share of the root's time are pruned; 0 keeps all."""
    hide_regex: Pattern[str] | None = None
    """Files whose path matches from its start are hidden in groups, like library code."""
    show_regex: Pattern[str] | None = None
    """Files whose path matches from its start are never hidden; wins over ``hide_regex``."""

    @classmethod
    def of(cls, options: ProcessorOptions | Mapping[str, Any] | None = None) -> ProcessorOptions:
        """Options from a mapping, as in ``processor_options={"filter_threshold": 0}``.

        Raises :class:`OptionError` for an unknown name or a value that cannot be used.
        """
        if options is None:
            return cls()
        if isinstance(options, ProcessorOptions):
            return options
        for name in options:
            if name not in cls._fields:
                raise OptionError(
                    f"unknown processor option {name!r}; there are {', '.join(cls._fields)}"
                )
        return cls(
            filter_threshold=_share(options.get("filter_threshold", DEFAULT_FILTER_THRESHOLD)),
            hide_regex=_pattern("hide_regex", options.get("hide_regex")),
            show_regex=_pattern("show_regex", options.get("show_regex")),
        )


def _share(value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise OptionError(
            f"filter_threshold is {value!r}; it is a share of the total time, a number from 0 to 1"
        )
    return float(value)


def _pattern(name: str, value: Any) -> Pattern[str] | None:
    if value is None or value == "":
        return None
    if isinstance(value, re.Pattern):
        return value
    if not isinstance(value, str):
        raise OptionError(f"{name} is {value!r}; it is a regular expression, as text")
    try:
        return re.compile(value)
    except re.error as fault:
        raise OptionError(f"{name} {value!r} is no regular expression: {fault}") from fault
