"""A run of library frames that a report shows as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .call_node import CallNode


class FrameGroup:
    """Nodes hidden together: a root and hidden nodes beneath it, connected.

    ``id`` is the group's number in tree order, as text: unlike a random id it is the same in two
    renderings of one session, so that reports can be compared.
    """

    __slots__ = ("_frames", "id", "root")

    def __init__(self, root: CallNode, group_id: str) -> None:
        self.id = group_id
        self.root = root
        self._frames: list[CallNode] = []
        self.add_frame(root)

    @property
    def frames(self) -> list[CallNode]:
        """The members, root first, in tree order."""
        return self._frames

    @property
    def exit_frames(self) -> list[CallNode]:
        """Members that call something outside the group."""
        return [
            node
            for node in self._frames
            if any(child.group is not self and not child.is_synthetic for child in node.children)
        ]

    def add_frame(self, node: CallNode) -> None:
        """Makes *node* a member, leaving the group it was in."""
        if node.group is not None and node.group is not self:
            node.group._frames.remove(node)
        node.group = self
        self._frames.append(node)
