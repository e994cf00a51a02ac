"""Steps from older session formats to the newest, one function a step.

A step takes the header of its version and returns that of the next. Format 1 is the first.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

Header = Dict[str, Any]

UPGRADES: dict[int, Callable[[Header], Header]] = {}
"""By the version that a step starts from."""


def upgrade_header(header: Header, version: int) -> Header:
    """The header as the newest format has it."""
    while version in UPGRADES:
        header = UPGRADES[version](header)
        version += 1
    return header
