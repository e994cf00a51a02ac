"""Removes ``[self]`` leaves that are their parent's only child and so say nothing."""

from __future__ import annotations

from ..call_tree import CallTree
from ..functions import SELF
from ..processor_options import ProcessorOptions
from ..tree_edits import absorb_children


def remove_unnecessary_self_time_nodes(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """A function without calls is a leaf itself; its ``[self]`` time becomes absorbed time."""
    if tree.root is not None:
        absorb_children(
            tree.root,
            lambda node: (
                node.is_synthetic
                and node.function == SELF
                and node.parent is not None
                and len(node.parent.children) == 1
            ),
        )
    return tree
