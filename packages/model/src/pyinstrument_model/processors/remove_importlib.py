"""Replaces the frames of Python's import machinery by what they import."""

from __future__ import annotations

from ..call_tree import CallTree
from ..functions import Function
from ..processor_options import ProcessorOptions
from ..tree_edits import replace_by_children


def is_importlib(function: Function) -> bool:
    """Whether a function is of the frozen import machinery."""
    return is_importlib_file(function.file)


def is_importlib_file(file: str) -> bool:
    """Whether a file is one of the frozen import machinery."""
    return file.startswith("<frozen importlib._bootstrap")


def remove_importlib(tree: CallTree, options: ProcessorOptions) -> CallTree:
    """Between an import statement and the imported module lie half a dozen of these frames."""
    if tree.root is not None:
        replace_by_children(tree.root, lambda node: is_importlib(node.code))
    return tree
