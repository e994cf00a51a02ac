"""Joins ``[self]`` leaves that follow each other directly."""

from __future__ import annotations

from ..call_node import CallNode
from ..call_tree import CallTree
from ..functions import SELF
from ..processor_options import ProcessorOptions
from ..tree_edits import adopt, merge_nodes


def merge_consecutive_self_time(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Two stretches of own time with nothing between them (any more) are one."""
    for node in tree.iter_nodes():
        runs: list[list[CallNode]] = []
        for child in node.children:
            if runs and _is_self(child) and _is_self(runs[-1][-1]):
                runs[-1].append(child)
            else:
                runs.append([child])
        if len(runs) < len(node.children):
            adopt(node, [merge_nodes(run) for run in runs])
    return tree


def _is_self(node: CallNode) -> bool:
    return node.is_synthetic and node.function == SELF
