"""Calls through decorators and ``functools.partial``, with C between the Python frames."""

from __future__ import annotations

import functools
from typing import Callable

UNITS = 60
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS

Function = Callable[[int], int]


def counted(function: Function) -> Function:
    """Counts calls."""
    calls = 0

    @functools.wraps(function)
    def counting(x: int) -> int:
        nonlocal calls
        calls += 1
        return function(x)

    return counting


def checked(limit: int) -> Callable[[Function], Function]:
    """A decorator with an argument."""

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def checking(x: int) -> int:
            if x < limit:
                raise ValueError(x)
            return function(x)

        return checking

    return decorate


@counted
@checked(0)
def heavy(x: int) -> int:
    """Three multiplications."""
    x = x * x % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


@checked(0)
@counted
def light(x: int) -> int:
    """One multiplication."""
    return x * x % MODULUS


def scaled(function: Function, factor: int, x: int) -> int:
    """What the partial objects call."""
    return function(x) * factor


twice_heavy = functools.partial(scaled, heavy, 2)
twice_light = functools.partial(functools.partial(scaled, light), 2)


def work(n: int) -> int:
    """Both functions, plain and through partial objects."""
    x = START
    for _ in range(n):
        x = heavy(x)
        x = light(x)
        x ^= twice_heavy(START) ^ twice_light(START)
        x %= MODULUS
    return x
