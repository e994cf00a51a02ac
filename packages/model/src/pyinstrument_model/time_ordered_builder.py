"""Builds the call tree in the order of time: a node is a run of samples that share a path.

Only runs above the threshold are expanded. The path of a stack is worked out once, however many
samples have it.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Sequence

from .build_rules import BuildRules
from .call_node import CallNode, LineTime
from .functions import SELF
from .row_origins import RowsOrigin
from .stack_index import StackIndex
from .tree_root import TreeRoot, synthetic, takes_self_leaf

_SELF_STEP = 0
"""Step into a ``[self]`` leaf that may join any adjacent one."""


class SampleRuns:
    """A thread's samples with time, in order; for each stack its visible rows above the root."""

    __slots__ = ("_cpu_ns", "_lane", "index", "rows_of", "stacks", "times")

    def __init__(self, index: StackIndex, root: TreeRoot, skipped: list[bool]) -> None:
        self.index = index
        self.stacks: list[int] = []
        self.times: list[int] = []
        self._lane = slice(root.lane.start, root.lane.end)
        self._cpu_ns: list[int] | None = None
        for stack, spent in zip(index.sample_stack[self._lane], index.sample_ns[self._lane]):
            if spent:
                self.stacks.append(stack)
                self.times.append(spent)
        self.rows_of: dict[int, list[int]] = {}
        of_row = index.of_row
        for stack in set(self.stacks):
            path = [0, *index.path(stack)][root.depth :]
            self.rows_of[stack] = [path[0]] + [r for r in path[1:] if not skipped[of_row[r]]]

    @property
    def cpu_ns(self) -> list[int]:
        """CPU time of each, worked out when first asked for."""
        if self._cpu_ns is None:
            index, lane = self.index, self._lane
            pairs = zip(index.sample_ns[lane], index.sample_cpu_ns[lane])
            self._cpu_ns = [cpu_ns for spent, cpu_ns in pairs if spent]
        return self._cpu_ns


class RunOrigin:
    """The samples of a run, seen at one depth of their visible paths."""

    __slots__ = ("_depth", "_end", "_runs", "_start")

    def __init__(self, runs: SampleRuns, start: int, end: int, depth: int) -> None:
        self._runs = runs
        self._start = start
        self._end = end
        self._depth = depth

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        """One entry a sample."""
        index = self._runs.index
        lines = index.functions.line_of_location
        for stack, row, spent in self._samples():
            if row:
                own = spent if stack == row else 0
                yield lines[index.location[row]], LineTime(own, spent)

    def class_times(self) -> Iterable[tuple[str, int]]:
        """One entry a sample."""
        index = self._runs.index
        classes = index.functions.class_of_location
        for _, row, spent in self._samples():
            if row:
                yield classes[index.location[row]], spent

    def cpu_ns(self) -> int:
        """Of all samples of the run."""
        return sum(self._runs.cpu_ns[self._start : self._end])

    def _samples(self) -> Iterable[tuple[int, int, int]]:
        runs, depth = self._runs, self._depth
        for place in range(self._start, self._end):
            stack = runs.stacks[place]
            yield stack, runs.rows_of[stack][depth], runs.times[place]


class OwnRunOrigin(RunOrigin):
    """What a ``[self]`` leaf stands for: its lines and classes are the function's."""

    __slots__ = ()

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        """None."""
        return ()

    def class_times(self) -> Iterable[tuple[str, int]]:
        """None."""
        return ()


class _Run(NamedTuple):
    """A node to expand: its samples, and how far below the root it is."""

    node: CallNode
    start: int
    end: int
    depth: int


def build_time_ordered(index: StackIndex, root: TreeRoot, rules: BuildRules) -> CallNode:
    """The time-ordered tree of one thread."""
    functions = index.functions.functions
    skipped = rules.skipped(functions)
    runs = SampleRuns(index, root, skipped)
    steps = _Steps(index, root, skipped, merge_self=rules.merge_self)
    steps_of = {stack: steps.of_stack(stack) for stack in runs.rows_of}
    threshold = rules.prune_below * root.total_ns
    self_function = synthetic(SELF, index.functions.rules)
    end = len(runs.stacks)
    origin = RowsOrigin(index, root.own_rows) if root.lane.row else RunOrigin(runs, 0, end, 0)
    top = CallNode(root.function, root.total_ns, origins=(origin,))
    waiting = [_Run(top, 0, end, 0)]
    while waiting:
        node, start, end, depth = waiting.pop()
        for step, first, last, total_ns in _split(steps_of, runs, start, end, depth):
            function = steps.function[step]
            if total_ns < threshold or (function is None and not takes_self_leaf(node.code)):
                node.absorbed_ns += total_ns
                continue
            if function is None:
                own = OwnRunOrigin(runs, first, last, depth)
                child = CallNode(self_function, total_ns, total_ns, (own,))
            else:
                run = RunOrigin(runs, first, last, depth + 1)
                child = CallNode(functions[function], total_ns, origins=(run,))
                waiting.append(_Run(child, first, last, depth + 1))
            child.parent = node
            node.children.append(child)
    return top


class _Steps:
    """Numbers for the steps of visible paths: equal where two adjacent samples share the node.

    1. Sharing a function is not enough: ``a > hidden > b`` followed by ``a > b`` are two calls of
       ``b``, so a step also stands for the hidden functions it looks through.
    2. A path ends in a step into ``[self]``. With *merge_self* all of those are equal.
    """

    __slots__ = ("_index", "_merge_self", "_numbers", "_root_depth", "_skipped", "function")

    def __init__(
        self, index: StackIndex, root: TreeRoot, skipped: list[bool], *, merge_self: bool
    ) -> None:
        self._index = index
        self._root_depth = root.depth
        self._skipped = skipped
        self._merge_self = merge_self
        self._numbers: dict[int | tuple[int, ...], int] = {-1: _SELF_STEP}
        self.function: list[int | None] = [None]
        """By step: the function it leads into; None for ``[self]``."""

    def of_stack(self, stack: int) -> Sequence[int]:
        """The steps from the root to the ``[self]`` leaf of a stack."""
        index, numbers = self._index, self._numbers
        found: list[int] = []
        through: list[int] = []
        for row in index.path(stack)[self._root_depth :]:
            function = index.of_row[row]
            if self._skipped[function]:
                through.append(function)
                continue
            key = (*through, function) if through else function
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(self.function)
                self.function.append(function)
            found.append(number)
            through = []
        last: int | tuple[int, ...] = -1
        if through and not self._merge_self:
            last = (*through, -1)
        number = numbers.get(last)
        if number is None:
            number = numbers[last] = len(self.function)
            self.function.append(None)
        found.append(number)
        return found


def _split(
    steps_of: dict[int, Sequence[int]], runs: SampleRuns, start: int, end: int, depth: int
) -> Iterable[tuple[int, int, int, int]]:
    """Cuts samples into runs of one step: (step, first, end, nanoseconds), in order."""
    stacks, times = runs.stacks, runs.times
    first, spent = start, 0
    current = steps_of[stacks[start]][depth]
    for place in range(start, end):
        step = steps_of[stacks[place]][depth]
        if step != current:
            yield current, first, place, spent
            current, first, spent = step, place, 0
        spent += times[place]
    yield current, first, end, spent
