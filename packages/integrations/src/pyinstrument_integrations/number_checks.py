"""The check of settings that are numbers, so that all of them complain in the same words."""

from __future__ import annotations

from .errors import InvalidSettingError


def check_number(setting: str, value: object, least: int) -> None:
    """Raises ``InvalidSettingError`` unless *value* is a number from *least* on."""
    # ``not >=``, so that NaN fails.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= least:
        raise InvalidSettingError(f"{setting} must be a number from {least} on, not {value!r}")
