"""Remarks on work that was handed to another thread: at the call that awaited it, and at the work.

Its time is in its own thread's tree only; so each end names the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

from .frame_names import node_name, node_place
from .styles import printable

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.thread_links import ThreadLink

    from .tree import TreeDetails
    from .tree_rows import Row


def link_remarks(rows: Sequence[Row], details: TreeDetails) -> dict[int, list[str]]:
    """By ``id`` of the node: at most one remark on what it awaited, and one on whom it ran for."""
    drawn = {id(row.node) for row in rows}
    awaited: dict[int, list[ThreadLink]] = {}
    ran_for: dict[int, list[ThreadLink]] = {}
    for link in details.links:
        for node, ends in ((link.origin, awaited), (link.work, ran_for)):
            while node is not None and id(node) not in drawn:
                node = node.parent  # hidden: the frame that hides it
            if node is not None:
                ends.setdefault(id(node), []).append(link)
    found: dict[int, list[str]] = {}
    for node_id, links in awaited.items():
        found.setdefault(node_id, []).append(_ran_in(links, details))
    for node_id, links in ran_for.items():
        callers = [_caller(link.origin) for link in links if link.origin is not None]
        if callers:
            found.setdefault(node_id, []).append(_for(list(dict.fromkeys(callers))))
    return found


def _ran_in(links: Sequence[ThreadLink], details: TreeDetails) -> str:
    threads = list(dict.fromkeys(link.thread for link in links))
    where = printable(threads[0]) if len(threads) == 1 else f"{len(threads)} threads"
    return f"[ran in {where}: {details.seconds(sum(link.duration_ns for link in links))} s]"


def _for(callers: Sequence[str]) -> str:
    more = f" and {len(callers) - 1} more" if len(callers) > 1 else ""
    return f"[for {callers[0]}{more}]"


def _caller(origin: CallNode) -> str:
    """The user's own function that waited, rather than what it called for that."""
    node: CallNode | None = origin
    while node is not None and (node.is_synthetic or not node.is_application_code):
        node = node.parent
    named = origin if node is None else node
    return printable(f"{node_name(named)}  {node_place(named)}".rstrip())
