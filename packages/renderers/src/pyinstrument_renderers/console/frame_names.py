"""What a function is called in the report, and where it says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..function_names import function_name

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode


def node_name(node: CallNode) -> str:
    """As :func:`function_name`, with the node's own class."""
    return function_name(node.code, node.class_name)


def node_place(node: CallNode) -> str:
    """Short path and line; for ``[self]`` and its like the file of the function they belong to."""
    if node.is_synthetic_leaf and node.parent is not None:
        return node.parent.file_path_short or ""
    if node.is_thread:
        return _thread_place(node)
    return node.code_position_short() or ""


def _thread_place(thread: CallNode) -> str:
    """The ident, where that alone tells a thread from another."""
    siblings = thread.parent.children if thread.parent is not None else []
    is_namesake = any(
        other is not thread and other.function == thread.function for other in siblings
    )
    return f"thread {thread.line_no}" if is_namesake else ""
