"""Where the program of each thread begins: below the frames of the command that ran it.

For what is made straight from the stack table; of trees, a processor removes those frames.
"""

from __future__ import annotations

from typing import Iterator

from .aggregated_builder import build_aggregated, group_children
from .build_rules import BuildRules
from .call_node import CallNode
from .processors.remove_first_pyinstrument_frames import (
    find_program,
    is_only_command,
    program_top,
)
from .stack_index import Lane, StackIndex
from .tree_root import TreeRoot, find_roots

_MAIN_PART = 0.01
"""Share of the time below which no node can be the program that the command ran."""


def program_roots(
    index: StackIndex, rules: BuildRules, skipped: list[bool], *, below_command: bool = True
) -> Iterator[tuple[Lane, TreeRoot | None]]:
    """Where the program begins in each thread with time, the one that started first.

    None where there is nothing but the command. All time of the thread stays with the root.
    *skipped* is what *rules* say of the index's functions. Without *below_command* the command's
    own frames are program as well.
    """
    for root in find_roots(index, trim_stem=True):
        program = _find_program_root(index, root, rules, skipped) if below_command else root
        yield root.lane, program


def _find_program_root(
    index: StackIndex, root: TreeRoot, rules: BuildRules, skipped: list[bool]
) -> TreeRoot | None:
    rules = BuildRules(skips=rules.skips, aggregate=True, prune_below=_MAIN_PART)
    whole = build_aggregated(index, root, rules, skipped)
    top = program_top(whole)
    if top is None:
        return root
    if is_only_command(top):
        return None
    node: CallNode | None = find_program(top)
    path: list[CallNode] = []
    while node is not None and node is not whole:
        path.append(node)
        node = node.parent
    functions = index.functions.functions
    for node in reversed(path):
        _, groups, _ = group_children(index, root.rows, skipped)
        (rows,) = (rows for function, rows in groups.items() if functions[function] is node.code)
        root = root._replace(function=node.code, rows=rows, depth=root.depth + 1)
    return root
