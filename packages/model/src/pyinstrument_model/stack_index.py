"""A recording's stack table made ready for building trees: times and children of every row.

One backward pass over the table; the cost follows distinct stacks, not samples. Where several
threads have time, each gets a stand-in row of its own below the empty stack.
"""

from __future__ import annotations

from array import array
from typing import Iterable, NamedTuple, Sequence

from pyinstrument_sampler.recording import IntColumn, Recording, SampleState

from .functions import FunctionTable, PathRules

CLOCKS = ("wall", "cpu")
"""What a tree may be measured by."""
_AWAITED = bytes([SampleState.AWAITED])


class Lane(NamedTuple):
    """One thread in an index."""

    row: int
    """That stands for the thread; 0, the empty stack, where there is one thread only."""
    thread: int
    """Row of the thread table."""
    start: int
    """The thread's first sample …"""
    end: int
    """… and the one after its last."""


class StackIndex:
    """Rows of the stack table with their times, by one of two clocks.

    ``self_ns[row]``: samples with exactly this stack. ``total_ns[row]``: and with longer ones.
    ``first_child[row]`` and ``next_sibling[row]`` link the rows whose total is above 0, in order
    of their ids; 0 ends a chain. ``sample_stack`` and ``sample_ns`` are the samples, ordered by
    thread and, within each, as they were taken; ``lanes`` says which are whose.
    """

    __slots__ = (
        "_columns",
        "_order",
        "_recording",
        "_sample_cpu_ns",
        "_total_cpu_ns",
        "first_child",
        "functions",
        "lanes",
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

    def __init__(self, recording: Recording, rules: PathRules, clock: str = "wall") -> None:
        """*clock* is one of :data:`CLOCKS`; under ``"cpu"`` all times are CPU times."""
        self.functions = FunctionTable(recording, rules)
        self.parent: Sequence[int] = recording.stacks.parent
        self.location: Sequence[int] = recording.stacks.location
        samples = recording.samples
        spent = _cpu_column(recording) if clock == "cpu" else samples.duration_ns
        self.sample_stack: Sequence[int] = samples.stack
        self.sample_ns: Sequence[int] = spent
        self._recording = recording
        self._order: Sequence[int] | None = None
        self._columns: dict[str, Sequence[int]] = {}
        threads = _threads_with_time(recording)
        if len(threads) > 1:
            self._give_threads_roots(recording, threads)
            self.sample_ns = self._in_order(spent)
        else:
            self.lanes = [Lane(0, threads[0] if threads else 0, 0, len(samples.stack))]
        self.stem = self._functions_of_stack(recording, recording.facts.stem)
        self._add_up()
        of_location = self.functions.of_location
        self.of_row: list[int] = (
            [of_location[where] for where in self.location] if of_location else [0]
        )
        self._sample_cpu_ns: Sequence[int] | None = self.sample_ns if clock == "cpu" else None
        self._total_cpu_ns: Sequence[int] | None = self.total_ns if clock == "cpu" else None

    # CPU time: worked out when it is asked for, since few reports look at much of it.

    @property
    def sample_cpu_ns(self) -> Sequence[int]:
        """CPU time of the samples, in the order of ``sample_ns``; none in what was awaited."""
        if self._sample_cpu_ns is None:
            self._sample_cpu_ns = self._in_order(_cpu_column(self._recording))
        return self._sample_cpu_ns

    @property
    def total_cpu_ns(self) -> Sequence[int]:
        """By row: CPU time of samples with this stack and longer ones."""
        if self._total_cpu_ns is None:
            found = array("q", bytes(8 * len(self.parent)))
            for stack, spent in zip(self.sample_stack, self.sample_cpu_ns):
                found[stack] += spent
            for row, parent in zip(range(len(found) - 1, 0, -1), reversed(self.parent)):
                spent = found[row]
                if spent:
                    found[parent] += spent
            self._total_cpu_ns = found
        return self._total_cpu_ns

    def sample_column(self, name: str) -> Sequence[int]:
        """A column of the recording's sample table, in the order of ``sample_ns``."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._in_order(getattr(self._recording.samples, name))
        return found

    def self_cpu_ns(self, row: int) -> int:
        """CPU time of samples with exactly this stack."""
        total = self.total_cpu_ns
        return total[row] - sum(total[child] for child in self.children(row))

    def _in_order(self, column: Sequence[int]) -> Sequence[int]:
        return column if self._order is None else [column[place] for place in self._order]

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

    def _give_threads_roots(self, recording: Recording, threads: Sequence[int]) -> None:
        """Copies the rows that each thread uses beneath a row that stands for the thread."""
        samples = recording.samples
        by_thread = sorted(range(len(samples.thread)), key=samples.thread.__getitem__)  # stable
        parents, locations = recording.stacks
        new_parent = array("I", [0])
        new_location = array("I", [0])
        order: list[int] = []
        sample_stack: list[int] = []
        self.lanes = []
        places: dict[int, list[int]] = {thread: [] for thread in threads}
        for place in by_thread:
            # A thread without any time has no lane, and its samples say nothing.
            if samples.thread[place] in places:
                places[samples.thread[place]].append(place)
        for thread, own in places.items():
            rows = dict.fromkeys((samples.stack[place] for place in own), 0)
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
            self.lanes.append(Lane(rows[0], thread, len(order), len(order) + len(own)))
            for row in sorted(rows):
                if row:
                    rows[row] = len(new_parent)
                    new_parent.append(rows[parents[row]])
                    new_location.append(locations[row])
            order.extend(own)
            sample_stack.extend([rows[samples.stack[place]] for place in own])
        self.parent = new_parent
        self.location = new_location
        self.sample_stack = sample_stack
        self._order = order

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


def _threads_with_time(recording: Recording) -> list[int]:
    """Rows of the thread table, in order."""
    threads = recording.samples.thread
    if not len(threads) or min(threads) == max(threads):
        return list(threads[:1])
    timed = zip(threads, recording.samples.duration_ns)
    return sorted({thread for thread, spent in timed if spent})


def _cpu_column(recording: Recording) -> Sequence[int]:
    """CPU time by sample: what a thread did while something was awaited is not that one's."""
    samples = recording.samples
    if _AWAITED not in samples.state.tobytes():
        return samples.cpu_ns
    awaited = SampleState.AWAITED
    return array(
        "q",
        [0 if state == awaited else spent for state, spent in zip(samples.state, samples.cpu_ns)],
    )


def _zeros(size: int) -> IntColumn:
    return array("I", bytes(4 * size))
