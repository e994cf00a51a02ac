"""A part of a call tree as text: for messages that are about one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..units import seconds_format
from .frame_line import FrameWriter
from .styles import write_lines
from .tree import ASCII_GLYPHS, TreeDetails, TreeDrawing

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.session import Session


def subtree_text(session: Session, root: CallNode) -> str:
    """What a call did, drawn as in a report; ASCII, without colours.

    *root* is a node of a tree without processors; it leaves that tree.
    """
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.processor_options import ProcessorOptions
    from pyinstrument_model.processors import default_processors

    root.parent = None
    tree = CallTree(root, session)
    for processor in default_processors():
        tree = processor(tree, ProcessorOptions())
    if tree.root is None:
        return ""
    seconds = seconds_format(session.max_interval_ns)
    writer = FrameWriter(seconds, tree.root.total_ns, None, "...")
    details = TreeDetails(source=None, links=(), may_wait=False, seconds=seconds)
    return write_lines(TreeDrawing(tree.root, writer, ASCII_GLYPHS, details).lines(), False)
