"""Checks that renderers make of their options, so that all of them complain in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from .errors import MisconfigurationError, RendererError

if TYPE_CHECKING:
    from pyinstrument_model.processor_options import ProcessorOptions
    from pyinstrument_model.session import Session


def check_flags(renderer: str, **flags: Any) -> None:
    """Every value must be True or False."""
    for option, value in flags.items():
        if not isinstance(value, bool):
            raise MisconfigurationError(
                f"{renderer}: option {option!r} must be true or false, not {value!r}"
            )


def check_choice(renderer: str, option: str, value: Any, choices: Sequence[str]) -> None:
    """The value must be one of *choices*."""
    if value not in choices:
        raise MisconfigurationError(
            f"{renderer}: option {option!r} must be one of {', '.join(choices)}, not {value!r}"
        )


def check_mapping(renderer: str, option: str, value: Any) -> None:
    """The value must be a dict or None."""
    if value is not None and not isinstance(value, dict):
        raise MisconfigurationError(
            f"{renderer}: option {option!r} must be a dictionary, not {value!r}"
        )


def check_count(renderer: str, option: str, value: Any, unit: str) -> None:
    """The value must be a number of *unit* or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise MisconfigurationError(
            f"{renderer}: option {option!r} must be a number of {unit} above 0, not {value!r}"
        )


def check_clock_recorded(renderer: str, clock: str, session: Session) -> None:
    """A session that is to be shown by CPU time must have CPU times."""
    if clock == "cpu" and not session.facts.cpu_clock:
        raise RendererError(
            f"{renderer}: 'clock' is 'cpu', but this session has no CPU times: use 'wall'"
        )


def check_processor_options(renderer: str, value: dict[str, Any]) -> ProcessorOptions:
    """The options that they are; each name and value must be one that processors know."""
    from pyinstrument_model.errors import OptionError
    from pyinstrument_model.processor_options import ProcessorOptions

    try:
        return ProcessorOptions.of(value)
    except OptionError as error:
        raise MisconfigurationError(f"{renderer}: {error}") from error
