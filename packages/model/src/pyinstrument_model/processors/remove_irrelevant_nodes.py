"""Prunes nodes that took too little time to matter."""

from __future__ import annotations

from ..call_tree import CallTree
from ..processor_options import ProcessorOptions
from ..tree_edits import absorb_children


def remove_irrelevant_nodes(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Below ``filter_threshold`` of the root's time a node goes, and its parent absorbs the time.

    A node of exactly the threshold stays.
    """
    if tree.root is not None:
        threshold = options.filter_threshold * tree.root.total_ns
        absorb_children(tree.root, lambda node: node.total_ns < threshold)
    return tree
