"""Leaf functions of nothing but slow operators, which hold no point where a sampler could stop."""

from __future__ import annotations

UNITS = 120
SHARES = {"heavy": 3, "light": 1}

MODULUS = 3**1200
START = 7**900 % MODULUS


def heavy(x: int) -> int:
    """Three multiplications."""
    x = x * x % MODULUS
    x = x * x % MODULUS
    return x * x % MODULUS


def light(x: int) -> int:
    """One multiplication."""
    return x * x % MODULUS


def work(n: int) -> int:
    """Both in alternation."""
    x = START
    for _ in range(n):
        x = heavy(x)
        x = light(x)
    return x
