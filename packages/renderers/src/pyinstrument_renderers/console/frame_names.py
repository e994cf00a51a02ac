"""What a function is called in the report, and where it says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.functions import Function


def function_name(function: Function, class_name: str | None) -> str:
    """``Class.method``, ``function``, or with its module what has no Python code."""
    if function.kind.name == "NATIVE":
        return function.qualname or function.name
    if class_name:
        return f"{class_name}.{function.name}"
    return function.name


def function_place(function: Function) -> str:
    """Short path and line of the ``def``; ``""`` where there is none."""
    place = function.short_file
    return f"{place}:{function.first_line}" if place and function.first_line else place


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
