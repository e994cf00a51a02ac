"""What renderers draw: a root node and the session it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable

if TYPE_CHECKING:
    from .call_node import CallNode
    from .session import Session
    from .thread_links import ThreadLink


class CallTree:
    """A tree of call nodes; ``root`` is None where nothing was sampled.

    Processors edit the tree they are given and return it.
    """

    __slots__ = ("root", "session")

    def __init__(self, root: CallNode | None, session: Session | None = None) -> None:
        self.root = root
        self.session = session

    @property
    def roots(self) -> list[CallNode]:
        """One root a thread, where there are several: the children of ``root``, a stand-in for the
        whole. Else ``root`` alone. Processors do the same to each as if it were alone."""
        if self.root is None:
            return []
        children = self.root.children
        return children[:] if children and children[0].is_thread else [self.root]

    @property
    def total_ns(self) -> int:
        """Nanoseconds in the whole tree."""
        return self.root.total_ns if self.root is not None else 0

    def links(self) -> list[ThreadLink]:
        """Pairs of nodes, of which one awaited what the other ran in another thread."""
        from .thread_links import thread_links

        return thread_links(self)

    def iter_nodes(self) -> Iterable[CallNode]:
        """Every node, parents before children, in order."""
        return self.root.iter_nodes() if self.root is not None else ()

    def self_check(self) -> None:
        """Raises :class:`~pyinstrument_model.errors.BrokenTreeError` when it does not add up."""
        if self.root is not None:
            self.root.self_check()
