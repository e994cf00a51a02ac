"""Where a tree begins: beneath the frames that were there before the profile started.

Shared by both builders; the answer does not depend on the order of samples.
"""

from __future__ import annotations

from typing import NamedTuple

from pyinstrument_sampler.recording import FrameKind

from .functions import ROOT, THREAD_FILE, Function, PathRules
from .stack_index import StackIndex


class TreeRoot(NamedTuple):
    """The root of a tree in terms of stack rows."""

    function: Function
    rows: list[int]
    depth: int
    """Rows above the empty stack: 0 for ``[root]``."""
    total_ns: int


def find_root(index: StackIndex, trim_stem: bool) -> TreeRoot | None:
    """The root; None where no time was recorded.

    ``[root]`` where there are several first frames, or time on the empty stack. With *trim_stem*
    the frames below the one that started the profile are left out, as long as all time is above
    them; the starting frame itself stays.
    """
    total = index.total_ns[0]
    if not total:
        return None
    rows, depth = [0], 0
    function: int | None = None
    while True:
        above = _only_function_above(index, rows)
        if above is None or (function is not None and not _is_stem(index, function, depth)):
            break
        if function is not None and not trim_stem:
            break
        function, rows = above
        depth += 1
    if function is None:
        return TreeRoot(synthetic(ROOT, index.functions.rules), [0], 0, total)
    return TreeRoot(index.functions.functions[function], rows, depth, total)


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


def _is_stem(index: StackIndex, function: int, depth: int) -> bool:
    """Whether a function at this depth was there before the start, and did not start it."""
    return depth < len(index.stem) and index.stem[depth - 1] == function


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
