"""Which rows a call tree has in the report: what is drawn, how deep, and what stays hidden.

Of a group of library frames only the entry is drawn, the exits into other code, and what is
expensive by itself; a remark says how many more there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.frame_group import FrameGroup

EXPENSIVE_SELF_SHARE = 0.2
"""A frame that itself took more of the whole than this is never hidden."""
MIN_HIDDEN = 2
"""A remark takes a line: hiding fewer frames than this would hide nothing."""


class Row(NamedTuple):
    """A node to draw."""

    node: CallNode
    depth: int
    """Of the drawing: nodes hidden above it do not count."""
    is_last: bool
    """Among the rows of its parent."""
    has_children: bool
    """Whether rows follow that are drawn below it."""


class HiddenFrames(NamedTuple):
    """What a group keeps from sight."""

    frames: int
    libraries: str
    """Top packages or files, like ``json, re``; empty where all was built in."""


class TreeRows:
    """The rows of one tree, top down. ``hidden`` is filled when it is made."""

    def __init__(self, root: CallNode) -> None:
        self._root = root
        self._expensive_ns = root.total_ns * EXPENSIVE_SELF_SHARE
        self._hidden_nodes: set[int] = set()
        self.hidden: dict[int, HiddenFrames] = {}
        """By ``id`` of the group's root node."""
        seen: set[str] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            stack.extend(node.children)
            group = node.group
            if group is not None and group.id not in seen:
                seen.add(group.id)
                self._hide(group)

    def __iter__(self) -> Iterator[Row]:
        stack = [(self._root, 0, True)]
        while stack:
            node, depth, is_last = stack.pop()
            children = self._drawn_children(node)
            yield Row(node, depth, is_last, bool(children))
            last = len(children) - 1
            for index in range(last, -1, -1):
                stack.append((children[index], depth + 1, index == last))

    def _hide(self, group: FrameGroup) -> None:
        shown = {id(node) for node in group.exit_frames}
        shown.add(id(group.root))
        hidden = [
            node
            for node in group.frames
            if id(node) not in shown
            and not node.is_synthetic_leaf
            and node.self_ns <= self._expensive_ns
        ]
        if len(hidden) < MIN_HIDDEN:
            return
        self._hidden_nodes.update(map(id, hidden))
        # ``[self]`` and its like are no frames: they go with theirs, and are not counted.
        for node in group.frames:
            for child in node.children:
                if child.is_synthetic_leaf and child.total_ns <= self._expensive_ns:
                    self._hidden_nodes.add(id(child))
        self.hidden[id(group.root)] = HiddenFrames(len(hidden), _libraries(hidden))

    def _drawn_children(self, node: CallNode) -> list[CallNode]:
        """Children, with hidden ones replaced by theirs."""
        hidden = self._hidden_nodes
        children = node.children
        if not hidden or not any(id(child) in hidden for child in children):
            return list(children)
        drawn = []
        stack = list(reversed(children))
        while stack:
            child = stack.pop()
            if id(child) in hidden:
                stack.extend(reversed(child.children))
            else:
                drawn.append(child)
        return drawn


def _libraries(nodes: list[CallNode]) -> str:
    names: dict[str, None] = {}
    for node in nodes:
        path: str | None = node.file_path_short
        if path and not path.startswith("<"):  # <built-in> and <frozen …> are no libraries
            top = path.replace("\\", "/").split("/", 1)[0]
            names[top[:-3] if top.endswith(".py") else top] = None
    return ", ".join(names)
