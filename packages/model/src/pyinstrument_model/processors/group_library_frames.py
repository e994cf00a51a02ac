"""Groups nested library frames, so that a report can show each group as one line."""

from __future__ import annotations

from ..call_node import CallNode
from ..call_tree import CallTree
from ..frame_group import FrameGroup
from ..processor_options import ProcessorOptions


def group_library_frames_processor(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """A hidden node with a hidden child begins a group of all hidden nodes connected beneath it.

    The root is never grouped, nor are stand-ins like ``[self]``: a group hides at least two
    functions.
    """
    if tree.root is None:
        return tree
    groups = 0
    for node in tree.root.iter_nodes():
        if node is tree.root or not is_hidden_in_group(node, options):
            continue
        group = node.parent.group if node.parent is not None else None
        if group is not None:
            group.add_frame(node)
        elif any(is_hidden_in_group(child, options) for child in node.children):
            groups += 1
            FrameGroup(node, str(groups))
    return tree


def is_hidden_in_group(node: CallNode, options: ProcessorOptions) -> bool:
    """Whether a node may be hidden: ``show_regex`` wins, then ``hide_regex``, then library code."""
    if node.is_synthetic:
        return False
    path = node.code.file
    if options.show_regex is not None and options.show_regex.match(path):
        return False
    if options.hide_regex is not None and options.hide_regex.match(path):
        return True
    return not node.is_application_code
