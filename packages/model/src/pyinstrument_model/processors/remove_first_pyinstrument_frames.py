"""Strips the frames of the ``pyinstrument`` command from above the program it ran, and those of
an integration (a middleware, say) from above what it profiled."""

from __future__ import annotations

from ..call_node import CallNode
from ..call_tree import CallTree
from ..functions import Function
from ..path_shortening import path_components
from ..processor_options import ProcessorOptions
from ..tree_edits import put_in_place_of

_SHARE_OF_PARENT = 0.8
"""The program holds more than this of the time; else the frame above it is worth showing."""
_OWN_PACKAGES = frozenset({"pyinstrument", "pyinstrument_integrations"})
_INSTALLED_IN = frozenset({"site-packages", "dist-packages", "src"})


def remove_first_pyinstrument_frames_processor(
    tree: CallTree, options: ProcessorOptions
) -> CallTree:
    """Goes down from the root while it is the command's own code, ``exec`` or ``runpy``.

    The time of the stripped frames is absorbed by the new root. Where the command is all there is,
    nothing of the program was seen: no root is left. Where there are several threads, the same is
    done below each, and what ``threading`` starts a thread with is stripped as well.
    """
    for root in tree.roots:
        top = program_top(root)
        if top is None:
            continue
        if not is_only_command(top):
            program = put_in_place_of(find_program(top), top)
            tree.root = program if top is tree.root else tree.root
        elif top is tree.root:
            tree.root = None
        else:
            root.children = []
            root.absorbed_ns = root.total_ns
    return tree


def program_top(root: CallNode) -> CallNode | None:
    """The topmost node that may be machinery: the root, or the only function of a thread; None
    where a thread has several, or time of its own."""
    if not root.is_thread:
        return root
    if len(root.children) != 1 or root.absorbed_ns or root.children[0].is_synthetic:
        return None
    return root.children[0]


def is_only_command(top: CallNode) -> bool:
    """Whether there is nothing but the command itself."""
    return is_own_command(top.code) and not _real_children(top)


def find_program(top: CallNode) -> CallNode:
    """The program that machinery runs, from *top* downwards; *top* itself, when that is none."""
    program = top
    while True:
        below = _below_machinery(program)
        if below is None:
            return program
        program = below


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
    if _starts_thread(node):
        return heaviest
    # exec() and the one line of text that calls runpy are machinery only in between.
    if node.parent is None or node.parent.is_thread:
        return None
    if code.name == "exec" and code.file == "<built-in>":
        return heaviest
    if code.file == "<string>" and is_runpy(heaviest.code):
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
        folder in _OWN_PACKAGES and above in _INSTALLED_IN
        for above, folder in zip(folders, folders[1:])
    )


def _starts_thread(node: CallNode) -> bool:
    """Whether a node is what ``threading`` starts a thread with, right below that thread."""
    above: CallNode | None = node
    while above is not None and _is_thread_start(above.code):
        above = above.parent
    return above is not node and above is not None and above.is_thread


def _is_thread_start(function: Function) -> bool:
    is_threading = path_components(function.file)[-1:] == ["threading.py"]
    return is_threading and function.name in ("_bootstrap", "_bootstrap_inner", "run")


def is_runpy(function: Function) -> bool:
    """Whether a function is of the standard library's ``runpy``, which runs modules and files."""
    return function.file == "<frozen runpy>" or path_components(function.file)[-1:] == ["runpy.py"]
