"""Small programs of different kinds: arithmetic, text, tables, objects, files, decimal numbers.

Between our micro-cases, which do nothing but what they are named for, and pyperformance's programs.
Standard library only; each does the same work every time.
"""

from __future__ import annotations

import decimal
import io
import json
import pickle
import threading
from typing import Callable

Repeatable = Callable[[int], object]
"""Runs a program that many times."""


def nbody(loops: int) -> None:
    """Floating-point arithmetic on attributes of lists, few calls."""
    bodies = [([float(n), n * 0.5, 1.0 / (n + 1)], [0.0, 0.01 * n, 0.0], 1.0 + n) for n in range(5)]
    pairs = [(a, b) for n, a in enumerate(bodies) for b in bodies[n + 1 :]]
    for _ in range(loops * 200):
        for (place, speed, mass), (other_place, other_speed, other_mass) in pairs:
            dx = place[0] - other_place[0]
            dy = place[1] - other_place[1]
            dz = place[2] - other_place[2]
            force = 0.001 / (dx * dx + dy * dy + dz * dz + 0.01) ** 1.5
            for axis, distance in enumerate((dx, dy, dz)):
                speed[axis] -= distance * other_mass * force
                other_speed[axis] += distance * mass * force
        for place, speed, _mass in bodies:
            for axis in range(3):
                place[axis] += 0.001 * speed[axis]


_DOCUMENT = json.dumps([{"id": n, "name": f"name {n}", "tags": ["a", "b"]} for n in range(200)])


def json_loads(loops: int) -> None:
    """One C call after the other, each long."""
    for _ in range(loops * 20):
        json.loads(_DOCUMENT)


class _Record:
    def __init__(self, number: int) -> None:
        self.number, self.text, self.parts = number, str(number), [number] * 3

    def __reduce__(self) -> tuple[object, ...]:
        return _Record, (self.number,)


def pickle_round_trip(loops: int) -> None:
    """C code that calls back into Python for every object."""
    records = [_Record(number) for number in range(100)]
    for _ in range(loops * 10):
        pickle.loads(pickle.dumps(records))


def string_building(loops: int) -> None:
    """Formatting, joining, splitting and replacing text."""
    for _ in range(loops * 20):
        lines = [f"{number:>8}|{number * 7 % 13:<4}|{number!r}" for number in range(100)]
        text = "\n".join(lines).replace("|", ",").upper()
        sum(len(cell.strip()) for line in text.splitlines() for cell in line.split(","))


def dictionaries(loops: int) -> None:
    """Counting and grouping in dictionaries of tuples and strings."""
    for _ in range(loops * 10):
        counts: dict[tuple[int, str], int] = {}
        groups: dict[str, list[int]] = {}
        for number in range(1000):
            key = (number % 37, "even" if number % 2 else "odd")
            counts[key] = counts.get(key, 0) + 1
            groups.setdefault(key[1], []).append(number)
        sorted(counts.items())


def comprehensions(loops: int) -> None:
    """List, set and dictionary comprehensions, nested."""
    for _ in range(loops * 10):
        table = [[row * column for column in range(30)] for row in range(30)]
        {cell % 17 for row in table for cell in row}
        {number: [cell for cell in row if cell % 3] for number, row in enumerate(table)}


def matrix(loops: int) -> None:
    """Products of matrices of lists."""
    size = 20
    left = [[row * size + column for column in range(size)] for row in range(size)]
    for _ in range(loops * 5):
        columns = list(zip(*left))
        [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]


def _key(item: tuple[int, str]) -> tuple[str, int]:
    return item[1], -item[0]


def sort_with_key(loops: int) -> None:
    """C code that calls a Python function for every item."""
    items = [(number * 7919 % 1000, f"group {number % 10}") for number in range(1000)]
    for _ in range(loops * 10):
        sorted(items, key=_key)


_TABLE = "".join(f"{n},name {n},{n * 3.5},{n % 2}\n" for n in range(500)).encode()


def parse_file(loops: int) -> None:
    """Reading lines of a file and converting their fields."""
    for _ in range(loops * 10):
        total = 0.0
        with io.TextIOWrapper(io.BytesIO(_TABLE), encoding="utf-8") as file:
            for line in file:
                number, name, value, flag = line.rstrip("\n").split(",")
                if int(flag):
                    total += float(value) * int(number) / len(name)


class _Shape:
    def __init__(self, size: float) -> None:
        self._size = size

    @property
    def size(self) -> float:
        return self._size

    def area(self) -> float:
        raise NotImplementedError

    def __lt__(self, other: _Shape) -> bool:
        return self.area() < other.area()


class _Square(_Shape):
    def area(self) -> float:
        return self.size * self.size


class _Cube(_Square):
    def area(self) -> float:
        return 6 * super().area()


def classes(loops: int) -> None:
    """Inheritance, properties, ``super`` and comparison methods."""
    for _ in range(loops * 5):
        shapes: list[_Shape] = [(_Square, _Cube)[n % 2](n * 31 % 101) for n in range(200)]
        min(shapes), max(shapes), sorted(shapes)


def decimals(loops: int) -> None:
    """Digits of pi in decimal numbers: operators that are long C calls."""
    with decimal.localcontext() as context:
        context.prec = 50
        for _ in range(loops * 30):
            three = decimal.Decimal(3)
            last, term, total, n, na, d, da = decimal.Decimal(0), three, three, 1, 0, 0, 24
            while total != last:
                last = total
                n, na = n + na, na + 8
                d, da = d + da, da + 32
                term = term * n / d
                total += term


def _sink(levels: int, loops: int) -> int:
    if levels:
        return _sink(levels - 1, loops)
    total = 0
    for number in range(loops * 5_000):
        total += abs(number)
    return total


DEPTH = 50


def depth_50(loops: int) -> None:
    """Calls at the end of a stack that is 50 frames deep: what a sample of that depth costs."""
    _sink(DEPTH, loops)


BUSY_THREADS = 8


def eight_threads(loops: int) -> None:
    """Eight threads that all want to run."""
    threads = [threading.Thread(target=classes, args=(loops,)) for _ in range(BUSY_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


PROGRAMS: dict[str, Repeatable] = {
    "nbody": nbody,
    "json_loads": json_loads,
    "pickle": pickle_round_trip,
    "string_building": string_building,
    "dictionaries": dictionaries,
    "comprehensions": comprehensions,
    "matrix": matrix,
    "sort_with_key": sort_with_key,
    "parse_file": parse_file,
    "classes": classes,
    "decimals": decimals,
}

DEEP: dict[str, Repeatable] = {"depth_50": depth_50}

THREADS: dict[str, Repeatable] = {"eight_threads": eight_threads}
