"""Reads the values of options: intervals and titles."""

from __future__ import annotations

from typing import Sequence

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
