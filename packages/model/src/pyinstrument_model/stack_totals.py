"""Adds up functions straight from the stack table, without making a tree.

A flat profile may not prune, and an unpruned tree of a large recording has millions of nodes.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .build_rules import BuildRules
from .functions import THREAD_FILE, Function
from .program_roots import program_roots
from .stack_index import StackIndex
from .tree_root import TreeRoot


class StackTotal(NamedTuple):
    """What one function took, and with which classes."""

    function: Function
    self_ns: int
    total_ns: int
    classes: dict[str, int]


def add_up_stacks(
    index: StackIndex, rules: BuildRules, *, below_command: bool
) -> Sequence[StackTotal]:
    """Every function that has time, recursion counted once; ``[root]`` and threads are left out.

    Functions that *rules* skip count as part of their caller. With *below_command* the command's
    own frames do not count, as ``remove_first_pyinstrument_frames_processor`` has it.
    """
    skipped = rules.skipped(index.functions.functions)
    walk = _Walk(index, skipped)
    for _, program in program_roots(index, rules, skipped, below_command=below_command):
        if program is not None:
            walk.add(program)
    return walk.totals()


class _Walk:
    """Walks over all rows above a root, knowing which functions are on the path."""

    def __init__(self, index: StackIndex, skipped: list[bool]) -> None:
        self._index = index
        self._skipped = skipped
        functions = index.functions.functions
        # One more than there are, for what only stands in for something.
        self._self_ns = [0] * (len(functions) + 1)
        self._total_ns = [0] * (len(functions) + 1)
        self._classes: dict[int, dict[str, int]] = {
            function: {} for function, code in enumerate(functions) if code.has_several_classes
        }

    def add(self, root: TreeRoot) -> None:
        """Adds the time of a thread."""
        index, rows = self._index, root.rows
        at_root = index.of_row[rows[0]]
        if rows == [0] or index.functions.functions[at_root] is not root.function:
            at_root = -1
        self._walk(rows, at_root)
        self._self_ns[at_root] += root.total_ns - sum(index.total_ns[row] for row in rows)
        self._total_ns[at_root] += root.total_ns

    def totals(self) -> Sequence[StackTotal]:
        """Of all that was added."""
        return [
            StackTotal(code, self_ns, total_ns, self._classes.get(function, {}))
            for function, (code, self_ns, total_ns) in enumerate(
                zip(self._index.functions.functions, self._self_ns, self._total_ns)
            )
            if total_ns and code.file != THREAD_FILE
        ]

    def _walk(self, rows: list[int], at_root: int) -> None:
        index, skipped = self._index, self._skipped
        of_row, row_self, row_total = index.of_row, index.self_ns, index.total_ns
        first_child, next_sibling = index.first_child, index.next_sibling
        self_ns, total_ns, classes = self._self_ns, self._total_ns, self._classes
        on_path = [0] * len(total_ns)
        on_path[at_root] = 1
        path = [at_root]
        waiting: list[int] = []
        for row in rows:
            self_ns[at_root] += row_self[row]
            if at_root in classes:
                self._add_class(at_root, row)
            waiting.extend(index.children(row))
        while waiting:
            row = waiting.pop()
            if row < 0:  # the way back: a function leaves the path
                on_path[path.pop()] -= 1
                continue
            function = of_row[row]
            child = first_child[row]
            if skipped[function]:
                self_ns[path[-1]] += row_self[row]
            else:
                self_ns[function] += row_self[row]
                if not on_path[function]:
                    total_ns[function] += row_total[row]
                    if function in classes:
                        self._add_class(function, row)
                if child:
                    on_path[function] += 1
                    path.append(function)
                    waiting.append(-1)
            while child:
                waiting.append(child)
                child = next_sibling[child]

    def _add_class(self, function: int, row: int) -> None:
        name = self._index.functions.class_of_location[self._index.location[row]]
        if name:
            found = self._classes[function]
            found[name] = found.get(name, 0) + self._index.total_ns[row]
