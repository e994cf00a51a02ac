"""Classes made at run time: bodies, a metaclass, ``__init_subclass__`` and ``__set_name__``."""

from __future__ import annotations

from typing import Any

UNITS = 15


def measure(body: dict[str, Any]) -> int:
    """Called by the metaclass."""
    return sum(len(name) for name in body)


def normalise(name: str) -> str:
    """Called from two protocols."""
    return name.strip("_").lower()


def constant(x: int) -> int:
    """Called from a class body."""
    return x * 3 % 7


class Meta(type):
    """Looks at every class it makes."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Meta:
        body["size"] = measure(body)
        return super().__new__(cls, name, bases, body)


class Field:
    """Learns its name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = normalise(name)


class Base(metaclass=Meta):
    """Learns of its subclasses."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.label = normalise(cls.__name__)

    label = ""


def make(x: int) -> type:
    """Runs a class body, and one within it."""

    class Outer(Base):
        one = Field()
        two = Field()
        table = tuple([constant(i) for i in range(5)])

        class Inner(Base):
            three = Field()
            value = constant(x)

    return Outer


def work(n: int) -> None:
    """*n* pairs of classes."""
    for i in range(n):
        make(i)
