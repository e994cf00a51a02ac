"""Adds up functions straight from the stack table, without making a tree.

A flat profile may not prune, and an unpruned tree of a large recording has millions of nodes.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .aggregated_builder import build_aggregated, group_children
from .build_rules import BuildRules
from .call_tree import CallTree
from .functions import Function
from .processor_options import ProcessorOptions
from .processors.remove_first_pyinstrument_frames import (
    remove_first_pyinstrument_frames_processor,
)
from .stack_index import StackIndex
from .tree_root import TreeRoot, find_root

_MAIN_PART = 0.01
"""Share of the time below which no node can be the program that the command ran."""


class StackTotal(NamedTuple):
    """What one function took, and with which classes."""

    function: Function
    self_ns: int
    total_ns: int
    classes: dict[str, int]


def add_up_stacks(
    index: StackIndex, rules: BuildRules, *, below_command: bool
) -> Sequence[StackTotal]:
    """Every function that has time, recursion counted once; ``[root]`` is left out.

    Functions that *rules* skip count as part of their caller. With *below_command* the command's
    own frames do not count, as ``remove_first_pyinstrument_frames_processor`` has it.
    """
    root = find_root(index, trim_stem=True)
    if root is None:
        return []
    functions = index.functions.functions
    skipped = rules.skipped(functions)
    if below_command:
        root = _program(index, root, rules, skipped)
    return _Walk(index, root, skipped).totals()


def _program(index: StackIndex, root: TreeRoot, rules: BuildRules, skipped: list[bool]) -> TreeRoot:
    """The root without the command's frames above it; all time stays with it."""
    rules = BuildRules(skips=rules.skips, aggregate=True, prune_below=_MAIN_PART)
    top = build_aggregated(index, rules)
    stripped = remove_first_pyinstrument_frames_processor(CallTree(top), ProcessorOptions())
    node = top
    while node is not None and node is not stripped.root:
        _, groups, totals = group_children(index, root.rows, skipped)
        function = max(totals, key=totals.__getitem__)
        code = index.functions.functions[function]
        root = TreeRoot(code, groups[function], root.depth + 1, root.total_ns)
        node = node.children[0] if node.children else None
    return root


class _Walk:
    """A walk over all rows above a root, which knows which functions are on the path."""

    def __init__(self, index: StackIndex, root: TreeRoot, skipped: list[bool]) -> None:
        self._index = index
        self._root = root
        self._skipped = skipped
        functions = index.functions.functions
        # One more than there are, for [root].
        self._functions = [*functions, root.function]
        self._self_ns = [0] * len(self._functions)
        self._total_ns = [0] * len(self._functions)
        self._classes: dict[int, dict[str, int]] = {
            function: {} for function, code in enumerate(functions) if code.has_several_classes
        }

    def totals(self) -> Sequence[StackTotal]:
        root = self._root
        at_root = self._index.of_row[root.rows[0]] if root.rows != [0] else -1
        self._walk(root.rows, at_root)
        own = root.total_ns - sum(self._index.total_ns[row] for row in root.rows)
        self._self_ns[at_root] += own
        self._total_ns[at_root] = root.total_ns
        return [
            StackTotal(
                self._functions[function],
                self._self_ns[function],
                total_ns,
                self._classes.get(function, {}),
            )
            for function, total_ns in enumerate(self._total_ns[:-1])
            if total_ns
        ]

    def _walk(self, rows: list[int], at_root: int) -> None:
        index, skipped = self._index, self._skipped
        of_row, row_self, row_total = index.of_row, index.self_ns, index.total_ns
        first_child, next_sibling = index.first_child, index.next_sibling
        self_ns, total_ns, classes = self._self_ns, self._total_ns, self._classes
        on_path = [0] * len(self._functions)
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
