"""Origins of nodes in terms of stack rows: where lines, classes and CPU time are looked up."""

from __future__ import annotations

from typing import Iterable

from .call_node import LineTime
from .stack_index import StackIndex


class RowsOrigin:
    """The stack rows that a node stands for."""

    __slots__ = ("_index", "_rows")

    def __init__(self, index: StackIndex, rows: list[int]) -> None:
        self._index = index
        self._rows = rows

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        """One entry a row."""
        index = self._index
        lines = index.functions.line_of_location
        for row in self._rows:
            if row:
                line = lines[index.location[row]]
                yield line, LineTime(index.self_ns[row], index.total_ns[row])

    def class_times(self) -> Iterable[tuple[str, int]]:
        """One entry a row."""
        index = self._index
        classes = index.functions.class_of_location
        for row in self._rows:
            if row:
                yield classes[index.location[row]], index.total_ns[row]

    def cpu_ns(self) -> int:
        """Of the rows and all above them."""
        return sum(map(self._index.total_cpu_ns.__getitem__, self._rows))


class OwnTimeOrigin:
    """What a ``[self]`` leaf stands for: some rows without what is above them, unless skipped."""

    __slots__ = ("_index", "_rows", "_skipped")

    def __init__(self, index: StackIndex, rows: list[int], skipped: list[bool]) -> None:
        self._index = index
        self._rows = rows
        self._skipped = skipped

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        """None: they are the function's."""
        return ()

    def class_times(self) -> Iterable[tuple[str, int]]:
        """None: they are the function's."""
        return ()

    def cpu_ns(self) -> int:
        """Of the rows themselves, and of skipped functions right above."""
        index, skipped = self._index, self._skipped
        found = 0
        waiting = self._rows[:]
        while waiting:
            row = waiting.pop()
            found += index.self_cpu_ns(row)
            waiting.extend(child for child in index.children(row) if skipped[index.of_row[child]])
        return found
