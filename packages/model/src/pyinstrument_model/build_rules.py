"""What a builder does while it builds, instead of processors afterwards.

A leading run of processors that only skip, merge or prune is handed to the builder as rules, so
that what they would remove is never made. The result is the same, and a test holds that.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from .functions import Function

SkipRule = Callable[[Function], bool]


class BuildRules(NamedTuple):
    """The rules of one build; without any, the builders give the full, time-ordered tree."""

    skips: tuple[SkipRule, ...] = ()
    """Functions any of these claims are replaced by their children."""
    merge_self: bool = False
    """Adjacent ``[self]`` leaves become one. (The aggregated tree never has two.)"""
    aggregate: bool = False
    """Siblings of one function become one, longest first."""
    prune_below: float = 0.0
    """Nodes with less than this share of the root's time are absorbed by their parent."""

    def skipped(self, functions: list[Function]) -> list[bool]:
        """For each function whether it is skipped."""
        if not self.skips:
            return [False] * len(functions)
        return [any(skip(function) for skip in self.skips) for function in functions]
