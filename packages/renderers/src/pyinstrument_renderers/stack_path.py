"""Goes from stack to stack at the cost of the calls in which they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Sequence, TypeVar

if TYPE_CHECKING:
    from .thread_stacks import ThreadStacks

Said = TypeVar("Said")


class StackPath(Generic[Said]):
    """The path from the empty stack to a node.

    ``nodes`` are the nodes on it, outermost first, and ``said`` what a format says of each, looked
    up by the node's entry.
    """

    __slots__ = ("_depths", "_parent", "_said_of_entry", "_stacks", "nodes", "said")

    def __init__(self, stacks: ThreadStacks, said_of_entry: Sequence[Said]) -> None:
        self._stacks = stacks
        self._parent = stacks.parent
        self._depths = stacks.depths()
        self._said_of_entry = said_of_entry
        self.nodes: list[int] = []
        self.said: list[Said] = []

    def go_to(self, node: int) -> int:
        """Moves to a node; returns how many of the outermost calls are the same as before."""
        nodes, parent = self.nodes, self._parent
        above: list[int] = []
        kept = self._depths[node]
        while kept > len(nodes):
            above.append(node)
            node = parent[node]
            kept -= 1
        while kept and nodes[kept - 1] != node:
            above.append(node)
            node = parent[node]
            kept -= 1
        above.reverse()
        nodes[kept:] = above
        entry, said_of_entry = self._stacks.entry, self._said_of_entry
        self.said[kept:] = [said_of_entry[entry[node]] for node in above]
        return kept
