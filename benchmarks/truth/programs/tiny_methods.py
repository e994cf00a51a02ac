"""Methods of a few tens of nanoseconds, calls of C functions among them."""

from __future__ import annotations

UNITS = 1500
BELOW_100_NS = True


class Point:
    """Something that is asked and moved."""

    def __init__(self) -> None:
        self.x = 0
        self.seen: list[int] = []

    def get(self) -> int:
        """A leaf."""
        return self.x

    def move(self, by: int) -> None:
        """A leaf."""
        self.x += by

    def wander(self) -> int:
        """Calls both leaves, and C."""
        self.move(self.get() & 1)
        self.seen.append(abs(self.x))
        return len(self.seen)


def work(n: int) -> None:
    """A short life of a point."""
    point = Point()
    for _ in range(n):
        point.move(point.get() & 3)
        point.wander()
