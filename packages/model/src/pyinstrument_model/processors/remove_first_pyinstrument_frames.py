"""Strips the frames of the ``pyinstrument`` command from above the program it ran."""

from __future__ import annotations

from ..call_node import CallNode
from ..call_tree import CallTree
from ..functions import Function
from ..path_shortening import path_components
from ..processor_options import ProcessorOptions
from ..tree_edits import make_root

_SHARE_OF_PARENT = 0.8
"""The program holds more than this of the time; else the frame above it is worth showing."""
_INSTALLED_IN = frozenset({"site-packages", "dist-packages", "src"})


def remove_first_pyinstrument_frames_processor(
    tree: CallTree, options: ProcessorOptions
) -> CallTree:
    """Goes down from the root while it is the command's own code, ``exec`` or ``runpy``.

    The time of the stripped frames is absorbed by the new root. Where the command is all there is,
    nothing of the program was seen: no root is left.
    """
    if tree.root is None:
        return tree
    if is_own_command(tree.root.code) and not _real_children(tree.root):
        tree.root = None
        return tree
    program = tree.root
    while True:
        next_node = _below_machinery(program)
        if next_node is None:
            break
        program = next_node
    if program is not tree.root:
        tree.root = make_root(program)
    return tree


def _below_machinery(node: CallNode) -> CallNode | None:
    """The child that the machinery *node* ran; None when *node* is no machinery."""
    children = _real_children(node)
    heaviest = max(children, key=lambda child: child.total_ns, default=None)
    if heaviest is None:
        return None
    code = node.code
    # However short the program was, what our own frames took beside it is nobody's concern.
    if is_own_command(code) and len(children) == 1:
        return heaviest
    if heaviest.total_ns <= _SHARE_OF_PARENT * node.total_ns:
        return None
    if is_own_command(code) or is_runpy(code):
        return heaviest
    # exec() and the one line of text that calls runpy are machinery only in between.
    if node.parent is not None and code.name == "exec" and code.file == "<built-in>":
        return heaviest
    if node.parent is not None and code.file == "<string>" and is_runpy(heaviest.code):
        return heaviest
    return None


def _real_children(node: CallNode) -> list[CallNode]:
    return [child for child in node.children if not child.is_synthetic]


def is_own_command(function: Function) -> bool:
    """Whether a function is of an installed ``pyinstrument`` (a checkout's ``src`` included).

    A module's top level never is: a program's own file may lie in a folder of that name.
    """
    if function.name == "<module>":
        return False
    folders = path_components(function.file)[:-1]
    # Any of them: a checkout may itself be called so.
    return any(
        folder == "pyinstrument" and above in _INSTALLED_IN
        for above, folder in zip(folders, folders[1:])
    )


def is_runpy(function: Function) -> bool:
    """Whether a function is of the standard library's ``runpy``, which runs modules and files."""
    return function.file == "<frozen runpy>" or path_components(function.file)[-1:] == ["runpy.py"]
