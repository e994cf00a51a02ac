"""Calls that no call expression makes: properties, ``__getattr__``, descriptors, operators."""

from __future__ import annotations

from typing import Any

UNITS = 60
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS


def heavy() -> int:
    """Three multiplications."""
    x = START * START % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


def light() -> int:
    """One multiplication."""
    return START * START % MODULUS


class Descriptor:
    """Answers for a class and for its objects."""

    def __get__(self, instance: object, owner: type) -> int:
        return light()


class Thing:
    """Computes what is asked of it."""

    described = Descriptor()

    @property
    def weight(self) -> int:
        """A property that takes long."""
        return heavy()

    def __getattr__(self, name: str) -> int:
        return light() if name == "colour" else heavy()

    def __add__(self, other: Any) -> int:
        return heavy()

    def __len__(self) -> int:
        return light() & 15

    def __getitem__(self, key: int) -> int:
        return heavy()

    def __contains__(self, key: object) -> bool:
        return bool(light())


def work(n: int) -> int:
    """One of each, *n* times: four of either kind."""
    thing = Thing()
    total = 0
    for i in range(n):
        total ^= thing.weight ^ thing.colour ^ thing.taste ^ thing.described
        total ^= (thing + i) ^ len(thing) ^ thing[i] ^ (i in thing)
    return total
