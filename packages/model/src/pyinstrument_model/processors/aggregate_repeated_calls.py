"""Makes one node of repeated calls: from a story in time to a sum."""

from __future__ import annotations

from ..call_tree import CallTree
from ..processor_options import ProcessorOptions
from ..tree_edits import merge_siblings


def aggregate_repeated_calls(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Siblings of one function become one node; children are ordered longest first.

    Threads stay apart and in order, whatever they are called.
    """
    for root in tree.roots:
        merge_siblings(root)
    return tree
