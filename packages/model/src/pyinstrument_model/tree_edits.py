"""Edits of a call tree that keep its times adding up. Each walks the tree once, without recursion.

Processors are made of these; nothing else changes a node once it is built.
"""

from __future__ import annotations

from typing import Callable, Iterable, Sequence

from .call_node import CallNode, LineTime, Origin
from .functions import FunctionKey

Claim = Callable[[CallNode], bool]


def adopt(parent: CallNode, children: list[CallNode]) -> None:
    """Makes *children* the children of *parent*; times are the caller's business."""
    parent.children = children
    for child in children:
        child.parent = parent


def replace_by_children(root: CallNode, claim: Claim) -> None:
    """Puts every claimed node's children in its place; its absorbed time goes to its parent.

    The root stays, whatever is claimed.
    """
    for node in root.iter_nodes():
        if not any(claim(child) for child in node.children):
            continue
        kept: list[CallNode] = []
        waiting = node.children[::-1]
        while waiting:
            child = waiting.pop()
            if claim(child):
                node.absorbed_ns += child.absorbed_ns
                waiting.extend(reversed(child.children))
            else:
                kept.append(child)
        adopt(node, kept)


def absorb_children(root: CallNode, claim: Claim) -> None:
    """Removes claimed nodes with all beneath them; their time is absorbed by their parent."""
    for node in root.iter_nodes():
        kept: list[CallNode] = []
        for child in node.children:
            if claim(child):
                node.absorbed_ns += child.total_ns
            else:
                kept.append(child)
        node.children = kept


def merge_nodes(nodes: Sequence[CallNode]) -> CallNode:
    """The first of some nodes of one function, made to stand for all of them.

    Children are put one after the other, unmerged.
    """
    first = nodes[0]
    if len(nodes) == 1:
        return first
    first.total_ns = sum(node.total_ns for node in nodes)
    first.absorbed_ns = sum(node.absorbed_ns for node in nodes)
    first.origins = tuple(origin for node in nodes for origin in node.origins)
    adopt(first, [child for node in nodes for child in node.children])
    return first


def merge_siblings(root: CallNode) -> None:
    """Makes one node of all siblings with the same function; orders them by time, longest first.

    Equal times are ordered by function, file and line: the order never depends on chance.
    """
    for node in root.iter_nodes():
        same: dict[FunctionKey, list[CallNode]] = {}
        for child in node.children:
            same.setdefault(child.code.key, []).append(child)
        merged = [merge_nodes(nodes) for nodes in same.values()]
        merged.sort(key=time_order)
        adopt(node, merged)


def time_order(node: CallNode) -> tuple[int, FunctionKey]:
    """Sort key: longest first, then by function, file and line."""
    return -node.total_ns, node.code.key


class _RestOrigin:
    """Time in some nodes that is not in another beneath them; it has neither lines nor classes."""

    __slots__ = ("_part", "_whole")

    def __init__(self, whole: tuple[Origin, ...], part: tuple[Origin, ...]) -> None:
        self._whole = whole
        self._part = part

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        return ()

    def class_times(self) -> Iterable[tuple[str, int]]:
        return ()

    def cpu_ns(self) -> int:
        part = sum(origin.cpu_ns() for origin in self._part)
        return sum(origin.cpu_ns() for origin in self._whole) - part


def put_in_place_of(node: CallNode, top: CallNode) -> CallNode:
    """Cuts *node* from what is above it up to *top*, and gives it the time that was spent there
    alone, so that the tree still adds up. Its parent is then that of *top*, if it has one."""
    if node is top:
        return node
    node.origins = (*node.origins, _RestOrigin(top.origins, node.origins))
    node.absorbed_ns += top.total_ns - node.total_ns
    node.total_ns = top.total_ns
    node.parent = top.parent
    if top.parent is not None:
        adopt(top.parent, [node if child is top else child for child in top.parent.children])
    return node
