"""What a function is called in the report, and where it says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinstrument_sampler.recording import FrameKind

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallNode


def frame_name(node: CallNode) -> str:
    """``Class.method``, ``function``, or with its module what has no Python code."""
    if node.kind == FrameKind.NATIVE:
        return node.qualname or node.function
    if node.class_name:
        return f"{node.class_name}.{node.function}"
    return node.function


def frame_place(node: CallNode) -> str:
    """Short path and line of the ``def``; for ``[self]`` and its like the file of their function."""
    if node.is_synthetic_leaf and node.parent is not None:
        return node.parent.file_path_short or ""
    return node.code_position_short() or ""
