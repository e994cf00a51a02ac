"""A recording's stack table made ready for building trees: times and children of every row.

One backward pass over the table; the cost follows distinct stacks, not samples. Where several
threads have samples, each gets a stand-in row of its own below the empty stack.
"""

from __future__ import annotations

from array import array
from typing import Iterable, Sequence

from pyinstrument_sampler.recording import IntColumn, Recording

from .functions import FunctionTable, PathRules


class StackIndex:
    """Rows of the stack table with their times.

    ``self_ns[row]``: samples with exactly this stack. ``total_ns[row]``: and with longer ones.
    ``first_child[row]`` and ``next_sibling[row]`` link the rows whose total is above 0, in order
    of their ids; 0 ends a chain. ``sample_stack`` and ``sample_ns`` are the samples, ordered by
    thread and, within each, as they were taken.
    """

    __slots__ = (
        "first_child",
        "functions",
        "location",
        "next_sibling",
        "of_row",
        "parent",
        "sample_ns",
        "sample_stack",
        "self_ns",
        "stem",
        "total_ns",
    )

    def __init__(self, recording: Recording, rules: PathRules) -> None:
        self.functions = FunctionTable(recording, rules)
        self.parent: Sequence[int] = recording.stacks.parent
        self.location: Sequence[int] = recording.stacks.location
        self.sample_stack: Sequence[int] = recording.samples.stack
        self.sample_ns: Sequence[int] = recording.samples.duration_ns
        threads = recording.samples.thread
        if len(threads) and min(threads) != max(threads):
            self._give_threads_roots(recording)
        self.stem = self._functions_of_stack(recording, recording.facts.stem)
        self._add_up()
        of_location = self.functions.of_location
        self.of_row: list[int] = (
            [of_location[where] for where in self.location] if of_location else [0]
        )

    def _add_up(self) -> None:
        size = len(self.parent)
        self_ns = [0] * size
        for stack, spent in zip(self.sample_stack, self.sample_ns):
            self_ns[stack] += spent
        total_ns = self_ns[:]
        # Arrays, not lists: an adversarial recording has millions of rows.
        first_child = _zeros(size)
        next_sibling = _zeros(size)
        # A parent's id is smaller than its child's: backwards, a row's total is complete when met.
        for row, parent in zip(range(size - 1, 0, -1), reversed(self.parent)):
            spent = total_ns[row]
            if spent:
                total_ns[parent] += spent
                next_sibling[row] = first_child[parent]
                first_child[parent] = row
        self.self_ns = self_ns
        self.total_ns = total_ns
        self.first_child = first_child
        self.next_sibling = next_sibling

    def _functions_of_stack(self, recording: Recording, stack: int) -> list[int]:
        found = []
        while stack:
            found.append(self.functions.of_location[recording.stacks.location[stack]])
            stack = recording.stacks.parent[stack]
        return found[::-1]

    def _give_threads_roots(self, recording: Recording) -> None:
        """Copies the rows that each thread uses beneath a row that stands for the thread."""
        samples = recording.samples
        used: dict[int, dict[int, int]] = {}
        for stack, thread in zip(samples.stack, samples.thread):
            used.setdefault(thread, {})[stack] = 0
        parents, locations = recording.stacks
        new_parent = array("I", [0])
        new_location = array("I", [0])
        for thread in sorted(used):
            rows = used[thread]
            for row in list(rows):
                row = parents[row]
                while row not in rows:
                    rows[row] = 0
                    row = parents[row]
            rows[0] = len(new_parent)
            new_parent.append(0)
            new_location.append(
                self.functions.add_thread(
                    recording.thread_name(thread) or "", recording.threads.ident[thread]
                )
            )
            for row in sorted(rows):
                if row:
                    rows[row] = len(new_parent)
                    new_parent.append(rows[parents[row]])
                    new_location.append(locations[row])
        by_thread: dict[int, tuple[list[int], list[int]]] = {t: ([], []) for t in sorted(used)}
        for stack, spent, thread in zip(samples.stack, samples.duration_ns, samples.thread):
            stacks, times = by_thread[thread]
            stacks.append(used[thread][stack])
            times.append(spent)
        self.parent = new_parent
        self.location = new_location
        self.sample_stack = [stack for stacks, _ in by_thread.values() for stack in stacks]
        self.sample_ns = [spent for _, times in by_thread.values() for spent in times]

    def children(self, row: int) -> Iterable[int]:
        """The rows directly above *row* that have time, in order."""
        child = self.first_child[row]
        while child:
            yield child
            child = self.next_sibling[child]

    def path(self, row: int) -> list[int]:
        """The rows from below the root to *row*."""
        found = []
        while row:
            found.append(row)
            row = self.parent[row]
        return found[::-1]


def _zeros(size: int) -> IntColumn:
    return array("I", bytes(4 * size))
