"""The flat profile: what each function took, wherever it was called.

Total time counts recursion once: a function that calls itself is one stretch of time, not one a
level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, NamedTuple, Sequence

from .call_node import NS_PER_SECOND, CallNode
from .call_tree import CallTree
from .functions import ROOT, SELF, THREAD_FILE, Function, FunctionKey
from .processor_options import ProcessorOptions
from .session import Session

if TYPE_CHECKING:
    from .processors import Processor
    from .stack_totals import StackTotal


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
    def is_application_code(self) -> bool:
        """Whether it is the user's own; here, without a caller, also code run from a string."""
        return self.function.is_application_code is not False

    @property
    def self_time(self) -> float:
        """Seconds without what it called."""
        return self.self_ns / NS_PER_SECOND

    @property
    def total_time(self) -> float:
        """Seconds with what it called."""
        return self.total_ns / NS_PER_SECOND


class _Sum:
    """A function's sums while a tree is walked."""

    __slots__ = ("classes", "function", "open", "self_ns", "total_ns")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.self_ns = 0
        self.total_ns = 0
        self.open = 0
        self.classes: dict[str, int] = {}


def function_totals(
    source: Session | CallTree,
    processors: Sequence[Processor] | None = None,
    *,
    clock: str = "wall",
) -> list[FunctionTotal]:
    """One row a function, most self time first; equal ones by total time and name.

    Of a session: everything that the tree of *processors* (default: none) would show, except that
    nothing is pruned or grouped, since small calls add up. That takes no tree and little memory,
    unless a processor is none of ours. Of a tree: what is in that tree, so that time of removed
    nodes is where they were absorbed; *processors* and *clock* (``"wall"`` or ``"cpu"``, as in
    ``Session.call_tree``) are then not used.

    ``[self]`` counts as the function's own; other stand-ins (``[await]``) have their own row,
    ``[root]`` and threads have none.
    """
    totals: Iterable[_Sum | StackTotal]
    if isinstance(source, CallTree):
        totals = _add_up_tree(source)
    else:
        totals = _add_up_session(source, processors or (), clock)
    rows = [
        FunctionTotal(t.function, t.function.main_class(t.classes), t.self_ns, t.total_ns)
        for t in totals
    ]
    rows.sort(key=lambda row: (-row.self_ns, -row.total_ns, row.function.key))
    return rows


def _add_up_session(
    session: Session, processors: Sequence[Processor], clock: str
) -> Iterable[_Sum | StackTotal]:
    from . import processors as ours
    from .apply_processors import plan_build
    from .stack_totals import add_up_stacks

    without_effect = (
        ours.merge_consecutive_self_time,
        ours.aggregate_repeated_calls,
        ours.remove_irrelevant_nodes,
        ours.remove_unnecessary_self_time_nodes,
        ours.group_library_frames_processor,
    )
    chain = [processor for processor in processors if processor not in without_effect]
    rules, remaining = plan_build(chain, ProcessorOptions())
    command = [ours.remove_first_pyinstrument_frames_processor]
    if list(remaining) not in ([], command):
        chain.append(ours.aggregate_repeated_calls)
        return _add_up_tree(session.call_tree(chain, clock=clock))
    return add_up_stacks(session.stack_index_of(clock), rules, below_command=bool(remaining))


def _add_up_tree(tree: CallTree) -> Iterable[_Sum]:
    sums: dict[FunctionKey, _Sum] = {}
    # A sum among the nodes is the way back: its function is no longer on the path.
    waiting: list[CallNode | _Sum] = [] if tree.root is None else [tree.root]
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
            if visit.code.has_several_classes:
                for class_name, spent in visit.class_ns.items():
                    found.classes[class_name] = found.classes.get(class_name, 0) + spent
        found.open += 1
        waiting.append(found)
        for child in visit.children:
            if child.is_synthetic and child.code.name == SELF:
                found.self_ns += child.total_ns
            else:
                waiting.append(child)
    return [
        total
        for total in sums.values()
        if total.function.identifier != ROOT and total.function.file != THREAD_FILE
    ]
