"""Python functions that C functions call: keys, replacements, comparisons, reductions."""

from __future__ import annotations

import functools
import re
from typing import Match

UNITS = 2
BELOW_100_NS = True

ITEMS = [(i * 7919) % 1009 for i in range(60)]
TEXT = " ".join(f"word{i}" for i in range(30))
PATTERN = re.compile(r"\w+")


def key(x: int) -> int:
    """For ``sorted``."""
    return mixed(x) & 255


def mixed(x: int) -> int:
    """What callbacks call in turn."""
    return x * 31 % 1013


def compare(x: int, y: int) -> int:
    """For ``cmp_to_key``."""
    return mixed(x) - mixed(y)


def replacement(match: Match[str]) -> str:
    """For ``re.sub``."""
    return match.group().title()


def add(x: int, y: int) -> int:
    """For ``reduce``."""
    return x + mixed(y)


def is_small(x: int) -> bool:
    """For ``filter``."""
    return mixed(x) < 500


def work(n: int) -> None:
    """Each of them, *n* times."""
    for _ in range(n):
        sorted(ITEMS, key=key)
        sorted(ITEMS, key=functools.cmp_to_key(compare))
        PATTERN.sub(replacement, TEXT)
        functools.reduce(add, ITEMS)
        max(filter(is_small, map(mixed, ITEMS)))
