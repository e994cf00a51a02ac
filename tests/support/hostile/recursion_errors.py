"""Recursion to the limit again and again: the error is the program's and it can go on."""

from __future__ import annotations


class Node:
    """Compared, shown and hashed by endless recursion."""

    def __eq__(self, other: object) -> bool:
        return bool(self == other)

    def __repr__(self) -> str:
        return repr(self)

    def __hash__(self) -> int:
        return hash((self,))


def endless(number: int) -> int:
    """Never returns."""
    return endless(number + 1) + 1


def run() -> list[str]:
    """The errors' classes, and that work goes on."""
    node = Node()
    found: set[str] = set()
    for _ in range(10):
        for attempt in (
            lambda: endless(0),
            lambda: node == 1,
            lambda: repr(node),
            lambda: hash(node),
        ):
            try:
                attempt()
            except RecursionError as error:
                found.add(type(error).__name__)
            found.add(str(sum(sorted(range(20), key=lambda number: -number))))
    return sorted(found)


if __name__ == "__main__":
    print(run())
