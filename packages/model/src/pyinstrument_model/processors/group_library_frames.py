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
        for child in node.children:
            if not is_hidden_in_group(child, options):
                continue
            if node.group is not None:
                node.group.add_frame(child)
            elif any(is_hidden_in_group(inner, options) for inner in child.children):
                groups += 1
                FrameGroup(child, str(groups))
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
