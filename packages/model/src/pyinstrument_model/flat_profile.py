"""The flat profile: what each function took, wherever it was called.

Total time counts recursion once: a function that calls itself is one stretch of time, not one a
level.
"""

from __future__ import annotations

from typing import NamedTuple

from .call_node import NS_PER_SECOND, CallNode
from .call_tree import CallTree
from .functions import SELF, Function, FunctionKey
from .session import Session


class FunctionTotal(NamedTuple):
    """What one function took."""

    function: Function
    class_name: str | None
    """The class that most time was spent with."""
    self_ns: int
    """Without what it called."""
    total_ns: int
    """With what it called; never more than the whole profile."""

    @property
    def self_time(self) -> float:
        """Seconds without what it called."""
        return self.self_ns / NS_PER_SECOND

    @property
    def total_time(self) -> float:
        """Seconds with what it called."""
        return self.total_ns / NS_PER_SECOND


class _Sum:
    __slots__ = ("classes", "function", "open", "self_ns", "total_ns")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.self_ns = 0
        self.total_ns = 0
        self.open = 0
        self.classes: dict[str, int] = {}

    def class_name(self) -> str | None:
        known = self.function.class_names
        if known is not None and len(known) == 1:
            return known[0] or None
        return min(self.classes, key=lambda name: (-self.classes[name], name), default=None)


def function_totals(source: Session | CallTree) -> list[FunctionTotal]:
    """One row a function, most self time first; equal ones by total time and name.

    Of a session: everything recorded, as its aggregated tree without pruning. Of a tree: what is
    in that tree, so that time of removed nodes is where they were absorbed. ``[self]`` counts as
    the function's own; other stand-ins (``[await]``) have their own row, ``[root]`` has none.
    """
    if isinstance(source, Session):
        from .processors import aggregate_repeated_calls

        source = source.call_tree([aggregate_repeated_calls])
    sums: dict[FunctionKey, _Sum] = {}
    # A sum among the nodes is the way back: its function is no longer on the path.
    waiting: list[CallNode | _Sum] = [] if source.root is None else [source.root]
    while waiting:
        visit = waiting.pop()
        if isinstance(visit, _Sum):
            visit.open -= 1
            continue
        key = visit.code.key
        found = sums.get(key)
        if found is None:
            found = sums[key] = _Sum(visit.code)
        found.self_ns += visit.absorbed_ns
        if not found.open:
            found.total_ns += visit.total_ns
            if visit.code.class_names is None or len(visit.code.class_names) > 1:
                for class_name, spent in visit.class_ns.items():
                    found.classes[class_name] = found.classes.get(class_name, 0) + spent
        found.open += 1
        waiting.append(found)
        for child in visit.children:
            if child.is_synthetic and child.code.name == SELF:
                found.self_ns += child.total_ns
            else:
                waiting.append(child)
    rows = [
        FunctionTotal(total.function, total.class_name(), total.self_ns, total.total_ns)
        for total in sums.values()
        if total.function.file or total.function.name != "[root]"
    ]
    rows.sort(key=lambda row: (-row.self_ns, -row.total_ns, row.function.key))
    return rows
