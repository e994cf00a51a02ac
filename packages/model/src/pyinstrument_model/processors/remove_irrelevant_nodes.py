"""Prunes nodes that took too little time to matter."""

from __future__ import annotations

from ..call_tree import CallTree
from ..processor_options import ProcessorOptions
from ..tree_edits import Claim, absorb_children


def remove_irrelevant_nodes(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Below ``filter_threshold`` of the root's time a node goes, and its parent absorbs the time.

    A node of exactly the threshold stays. Where there are several threads, the root is the node's
    own thread, and a thread goes below that share of the longest one.
    """
    for root in tree.roots:
        threshold = options.filter_threshold * root.total_ns
        absorb_children(root, _is_below(threshold))
    return prune_threads(tree, options.filter_threshold)


def prune_threads(tree: CallTree, share: float) -> CallTree:
    """Removes threads with less than *share* of the longest one's time."""
    roots = tree.roots
    if tree.root is not None and roots and roots[0].is_thread:
        is_short = _is_below(share * max(root.total_ns for root in roots))
        absorb_children(tree.root, lambda node: node.is_thread and is_short(node))
    return tree


def _is_below(threshold: float) -> Claim:
    return lambda node: node.total_ns < threshold
