"""The one line about a profile: from the user's own function down to where the time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyinstrument_renderers.console.frame_names import node_name

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.session import Session

SHARE = 0.5
"""A step goes on to the callee that has at least this part of the time."""
MAX_STEPS = 6


class HottestPath(NamedTuple):
    """Functions, the caller first, and the time of the last."""

    functions: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        return " > ".join(self.functions)


def hottest_path(session: Session) -> HottestPath | None:
    """Follows the time through the user's own functions; None where none was seen."""
    path: list[CallNode] = []
    node = _heaviest_own(session.call_tree())
    while node is not None:
        if node.is_application_code:
            path.append(node)
        node = _heaviest_callee(node)
    if not path:
        return None
    last = _heaviest_callee(path[-1])
    path += [last] if last is not None else []
    names = [node_name(one) for one in path]
    if len(names) > MAX_STEPS:
        names = [names[0], "…", *names[-MAX_STEPS + 2 :]]
    return HottestPath(tuple(names), path[-1].time)


def _heaviest_own(tree: CallTree) -> CallNode | None:
    """The longest of the outermost calls of the user's own functions."""
    heaviest = None
    waiting = [] if tree.root is None else [tree.root]
    while waiting:
        node = waiting.pop()
        if node.is_synthetic or not node.is_application_code:
            waiting.extend(node.children)
        elif heaviest is None or node.total_ns > heaviest.total_ns:
            heaviest = node
    return heaviest


def _heaviest_callee(node: CallNode) -> CallNode | None:
    """What a call spent most of its time in; None where that is itself, or many."""
    callees = [child for child in node.children if not child.is_synthetic]
    heaviest = max(callees, key=lambda child: child.total_ns, default=None)
    if heaviest is None or heaviest.total_ns < SHARE * node.total_ns:
        return None
    return heaviest
