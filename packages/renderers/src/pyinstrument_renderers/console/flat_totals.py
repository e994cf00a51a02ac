"""What each function took in the program, summed from stacks rather than from a call tree.

A list may leave out no call, however small, and the tree of all calls of a big recording takes
a gigabyte. Stacks hold the same sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

from pyinstrument_model.flat_profile import FunctionTotal, function_totals
from pyinstrument_model.processors import (
    aggregate_repeated_calls,
    group_library_frames_processor,
    merge_consecutive_self_time,
    remove_first_pyinstrument_frames_processor,
    remove_importlib,
    remove_irrelevant_nodes,
    remove_tracebackhide,
    remove_unnecessary_self_time_nodes,
)
from pyinstrument_model.processors.remove_importlib import is_importlib
from pyinstrument_model.processors.remove_tracebackhide import is_hidden
from pyinstrument_model.tree_root import find_root

if TYPE_CHECKING:
    from typing import Any, Mapping, Sequence

    from pyinstrument_model.functions import Function
    from pyinstrument_model.processors import Processor
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex

_SKIPS = {remove_importlib: is_importlib, remove_tracebackhide: is_hidden}
_LEFT_OUT = (remove_irrelevant_nodes, group_library_frames_processor)
"""What these take from a tree belongs into a list."""
_UNDERSTOOD = {
    *_SKIPS,
    *_LEFT_OUT,
    remove_first_pyinstrument_frames_processor,
    # These only rearrange what is summed here.
    aggregate_repeated_calls,
    merge_consecutive_self_time,
    remove_unnecessary_self_time_nodes,
}


class FlatTotals(NamedTuple):
    """The functions of a program."""

    rows: list[FunctionTotal]
    """In no order."""
    total_ns: int
    """Time of the whole; 0 where nothing was recorded."""


def flat_totals(
    session: Session, processors: Sequence[Processor], options: Mapping[str, Any]
) -> FlatTotals:
    """The totals after *processors*, except that nothing is pruned or hidden in groups."""
    if not _UNDERSTOOD.issuperset(processors):
        kept = [processor for processor in processors if processor not in _LEFT_OUT]
        tree = session.call_tree(kept, options)
        return FlatTotals(function_totals(tree), tree.total_ns)
    index = session.stack_index
    root = find_root(index, trim_stem=True)
    if root is None:
        return FlatTotals([], 0)
    skips = [_SKIPS[processor] for processor in processors if processor in _SKIPS]
    functions = index.functions.functions
    skipped = [any(skip(function) for skip in skips) for function in functions]
    program, rows = root.function, root.rows
    if remove_first_pyinstrument_frames_processor in processors:
        for function in _path_to_program(session, processors):
            program, rows = function, list(_rows_above(index, rows, function, skipped))
    return FlatTotals(_sums(index, program, rows, skipped, root.total_ns), root.total_ns)


def _path_to_program(session: Session, processors: Sequence[Processor]) -> Iterator[Function]:
    """The functions from below the root to the program's, where the command ran it."""
    # A pruned tree is quick to make, and the program holds most of the time.
    leading = [processor for processor in processors if processor in _SKIPS]
    tree = session.call_tree([*leading, aggregate_repeated_calls, remove_irrelevant_nodes])
    node = tree.root
    program = remove_first_pyinstrument_frames_processor(tree, _no_options()).root
    while node is not None and node is not program:
        node = max(node.children, key=lambda child: child.total_ns)
        yield node.code


def _no_options() -> Any:
    from pyinstrument_model.processor_options import ProcessorOptions

    return ProcessorOptions()


def _rows_above(
    index: StackIndex, rows: Sequence[int], function: Function, skipped: Sequence[bool]
) -> Iterator[int]:
    """The rows of *function* directly above *rows*, or above skipped ones there."""
    functions, of_row = index.functions.functions, index.of_row
    waiting = [child for row in rows for child in index.children(row)]
    while waiting:
        row = waiting.pop()
        if skipped[of_row[row]]:
            waiting.extend(index.children(row))
        elif functions[of_row[row]] is function:
            yield row


def _sums(
    index: StackIndex,
    program: Function,
    program_rows: Sequence[int],
    skipped: Sequence[bool],
    total_ns: int,
) -> list[FunctionTotal]:
    """Totals of the program, which gets the time of what was stripped, and of all above it."""
    functions, of_row = index.functions.functions, index.of_row
    row_self, row_total = index.self_ns, index.total_ns
    first_child, next_sibling = index.first_child, index.next_sibling
    location, class_of_location = index.location, index.functions.class_of_location
    classes = [_class_sums(function) for function in functions]
    # One place more than functions: the program may be ``[root]``, which is none of them.
    outside = len(functions)
    own = next((i for i, function in enumerate(functions) if function is program), outside)
    self_ns = [0] * (outside + 1)
    sum_ns = [0] * (outside + 1)
    is_open = [False] * (outside + 1)
    self_ns[own] = sum_ns[own] = total_ns
    is_open[own] = True
    waiting: list[tuple[int, int]] = []
    for row in program_rows:
        if own != outside and classes[own] is not None:
            _add_class(classes[own], class_of_location[location[row]], row_total[row])
        for child in index.children(row):
            self_ns[own] -= row_total[child]
            waiting.append((child, own))
    # (row, function that calls it); (-1, function) is the way back out of a function's outermost
    # call: inner ones are part of its time already.
    while waiting:
        row, caller = waiting.pop()
        if row < 0:
            is_open[caller] = False
            continue
        function = of_row[row]
        if skipped[function]:
            function = caller
        elif not is_open[function]:
            is_open[function] = True
            waiting.append((-1, function))
            sum_ns[function] += row_total[row]
            if classes[function] is not None:
                _add_class(classes[function], class_of_location[location[row]], row_total[row])
        self_ns[function] += row_self[row]
        child = first_child[row]
        while child:
            waiting.append((child, function))
            child = next_sibling[child]
    return [
        FunctionTotal(function, _class_name(function, sums), self_ns[place], sum_ns[place])
        for place, (function, sums) in enumerate(zip(functions, classes))
        if sum_ns[place]
    ]


def _class_sums(function: Function) -> dict[str, int] | None:
    """Where to sum a function's classes; None where it has but one, or none."""
    known = function.class_names
    return None if known is not None and len(known) == 1 else {}


def _add_class(sums: dict[str, int] | None, name: str, spent: int) -> None:
    if sums is not None and name:
        sums[name] = sums.get(name, 0) + spent


def _class_name(function: Function, sums: dict[str, int] | None) -> str | None:
    if sums is not None:
        return min(sums, key=lambda name: (-sums[name], name), default=None)
    return function.class_names[0] or None if function.class_names else None
