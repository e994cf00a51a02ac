"""Replaces frames that ask not to be shown by their children."""

from __future__ import annotations

from ..call_tree import CallTree
from ..functions import Function
from ..processor_options import ProcessorOptions
from ..tree_edits import replace_by_children


def is_hidden(function: Function) -> bool:
    """Whether the code has a local ``__tracebackhide__`` or ``__traceback_hide__``."""
    return function.hidden


def remove_tracebackhide(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Wrappers and decorators mark themselves so, for tracebacks and for profiles alike."""
    if tree.root is not None:
        replace_by_children(tree.root, lambda node: is_hidden(node.code))
    return tree
