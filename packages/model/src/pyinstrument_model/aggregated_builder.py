"""Builds the call tree in which siblings of one function are one node, longest first.

Top-down from groups of stack rows: a node is the rows it stands for, and its children are those
rows' children grouped by function. A node below the threshold is never expanded.
"""

from __future__ import annotations

from .build_rules import BuildRules
from .call_node import CallNode
from .functions import SELF
from .row_origins import OwnTimeOrigin, RowsOrigin
from .stack_index import StackIndex
from .tree_edits import time_order
from .tree_root import TreeRoot, synthetic, takes_self_leaf


def build_aggregated(
    index: StackIndex, root: TreeRoot, rules: BuildRules, skipped: list[bool] | None = None
) -> CallNode:
    """The aggregated tree of one thread. *skipped* is what the rules say of the index's functions,
    from callers who know it already."""
    functions = index.functions.functions
    if skipped is None:
        skipped = rules.skipped(functions)
    threshold = rules.prune_below * root.total_ns
    self_function = synthetic(SELF, index.functions.rules)
    top = CallNode(root.function, root.total_ns, origins=(RowsOrigin(index, root.own_rows),))
    of_row, row_self = index.of_row, index.self_ns
    first_child, next_sibling = index.first_child, index.next_sibling
    waiting = [(top, root.rows)]
    while waiting:
        node, rows = waiting.pop()
        # Most of a large tree is unbranched: one row above one row, all of its time.
        while len(rows) == 1 and not row_self[rows[0]]:
            row = first_child[rows[0]]
            function = of_row[row]
            if next_sibling[row] or skipped[function]:
                break
            rows = [row]
            only = CallNode(functions[function], node.total_ns, 0, (RowsOrigin(index, rows),))
            only.parent = node
            node.children = [only]
            node = only
        self_ns, groups, totals = group_children(index, rows, skipped)
        children = []
        for function, total_ns in totals.items():
            if total_ns < threshold:
                node.absorbed_ns += total_ns
                continue
            above = groups[function]
            child = CallNode(functions[function], total_ns, 0, (RowsOrigin(index, above),))
            child.parent = node
            children.append(child)
            waiting.append((child, above))
        if self_ns and (self_ns < threshold or not takes_self_leaf(node.code)):
            node.absorbed_ns += self_ns
        elif self_ns:
            own = OwnTimeOrigin(index, rows, skipped)
            leaf = CallNode(self_function, self_ns, self_ns, (own,))
            leaf.parent = node
            children.append(leaf)
        if len(children) > 1:
            children.sort(key=time_order)
        node.children = children
    return top


def group_children(
    index: StackIndex, rows: list[int], skipped: list[bool]
) -> tuple[int, dict[int, list[int]], dict[int, int]]:
    """Own time of some rows, and the rows above them by function with each function's total.

    Skipped functions are looked through: their own time and children count as those of *rows*.
    """
    row_self, row_total, of_row = index.self_ns, index.total_ns, index.of_row
    first_child, next_sibling = index.first_child, index.next_sibling
    groups: dict[int, list[int]] = {}
    totals: dict[int, int] = {}
    self_ns = 0
    looked_through = rows
    while looked_through:
        deeper: list[int] = []
        for row in looked_through:
            self_ns += row_self[row]
            child = first_child[row]
            while child:
                function = of_row[child]
                if skipped[function]:
                    deeper.append(child)
                elif function in groups:
                    groups[function].append(child)
                    totals[function] += row_total[child]
                else:
                    groups[function] = [child]
                    totals[function] = row_total[child]
                child = next_sibling[child]
        looked_through = deeper
    return self_ns, groups, totals
