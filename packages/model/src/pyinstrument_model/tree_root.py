"""Where trees begin: beneath the frames that were there before the profile started, one a thread.

Shared by both builders; the answer does not depend on the order of samples.
"""

from __future__ import annotations

from typing import NamedTuple

from pyinstrument_sampler.recording import FrameKind

from .functions import ROOT, THREAD_FILE, Function, PathRules
from .stack_index import Lane, StackIndex


class TreeRoot(NamedTuple):
    """The root of one thread's tree in terms of stack rows."""

    function: Function
    rows: list[int]
    """What the root's children are above."""
    depth: int
    """Rows above the empty stack: 0 for ``[root]``."""
    total_ns: int
    lane: Lane

    @property
    def own_rows(self) -> list[int]:
        """What the root itself stands for: a thread stays one, also where its stem is trimmed."""
        return [self.lane.row] if self.lane.row else self.rows


def find_roots(index: StackIndex, trim_stem: bool) -> list[TreeRoot]:
    """The root of each thread with time, the thread that started first.

    Where there is one thread, the root is the function that all time is above, ``[root]`` where
    there are several, or time on the empty stack; where there are more, it is the thread. With
    *trim_stem* the frames below the one that started the profile are left out, as long as all
    time of that thread is above them; the starting frame itself stays.
    """
    return [_find_root(index, lane, trim_stem) for lane in index.lanes if index.total_ns[lane.row]]


def _find_root(index: StackIndex, lane: Lane, trim_stem: bool) -> TreeRoot:
    total = index.total_ns[lane.row]
    first = 1 if lane.row else 0
    stem = [] if lane.thread else index.stem
    below = rows = [lane.row]
    depth = first
    function: int | None = None
    while True:
        above = _only_function_above(index, rows)
        if above is None:
            break
        if function is not None and not (trim_stem and _is_stem(stem, function, depth - first)):
            break
        below = rows
        function, rows = above
        depth += 1
    functions = index.functions.functions
    if lane.row:
        thread = functions[index.of_row[lane.row]]
        return TreeRoot(thread, below, depth - (function is not None), total, lane)
    if function is None:
        return TreeRoot(synthetic(ROOT, index.functions.rules), [0], 0, total, lane)
    return TreeRoot(functions[function], rows, depth, total, lane)


def synthetic(name: str, rules: PathRules) -> Function:
    """A function that is none, like ``[self]``."""
    return Function(name, "", 0, rules, kind=FrameKind.SYNTHETIC)


def takes_self_leaf(function: Function) -> bool:
    """Whether own time of this function is shown as a ``[self]`` leaf: real functions, threads and
    ``[root]``; ``[await]`` and its like are leaves themselves."""
    return (
        function.kind is not FrameKind.SYNTHETIC
        or function.file == THREAD_FILE
        or function.name == ROOT
    )


def _is_stem(stem: list[int], function: int, depth: int) -> bool:
    """Whether a function at this depth was there before the start, and did not start it."""
    return depth < len(stem) and stem[depth - 1] == function


def _only_function_above(index: StackIndex, rows: list[int]) -> tuple[int, list[int]] | None:
    """The one function that all time of *rows* is above, with its rows; None otherwise."""
    found: dict[int, list[int]] = {}
    for row in rows:
        if index.self_ns[row]:
            return None
        for child in index.children(row):
            found.setdefault(index.of_row[child], []).append(child)
            if len(found) > 1:
                return None
    for function, above in found.items():
        return function, above
    return None
