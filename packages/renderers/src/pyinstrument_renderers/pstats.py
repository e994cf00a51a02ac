"""https://docs.python.org/3/library/profile.html#the-stats-class: a dump like ``cProfile``'s.

Samples do not tell how often a function was called: calls are 0, and ``pstats`` leaves the time a
call blank.
"""

from __future__ import annotations

import marshal
from array import array
from typing import TYPE_CHECKING, Dict, Tuple

from .tool_renderer import ToolRenderer

if TYPE_CHECKING:
    from pyinstrument_model.functions import Function
    from pyinstrument_model.session import Session

    from .thread_stacks import ThreadStacks

StatsKey = Tuple[str, int, str]
"""File, first line, function."""
Times = Tuple[int, int, float, float]
"""Calls without recursion, calls, seconds without and with callees."""
StatsRow = Tuple[int, int, float, float, Dict[StatsKey, Times]]

_MARSHAL_VERSION = 4
"""The newest that Python 3.8 reads."""
_NS = 1e9


class PstatsRenderer(ToolRenderer):
    """Functions with their callers. Recursion counts once: a function that calls itself is one
    stretch of time, and so is a caller that calls it again further up.

    Where there are several threads, each is the caller of what it ran. Functions without Python
    code are spelt as ``cProfile`` does.
    """

    output_file_extension = "pstats"
    output_is_binary = True

    def render(self, session: Session) -> bytes:
        return marshal.dumps(self.stats(session), _MARSHAL_VERSION)

    def stats(self, session: Session) -> dict[StatsKey, StatsRow]:
        """What ``pstats.Stats(…).stats`` is."""
        threads = self.stacks(session)
        index = session.stack_index_of(self.clock)
        has_threads = len(index.lanes) > 1
        keys = [_key(code) for code in index.functions.functions]
        sums = _Sums(len(keys) + len(index.lanes) + 1)
        for stacks in threads:
            if has_threads:
                sums.add(stacks, len(keys))
                keys.append(("~", 0, f"<thread {stacks.name}>"))
            else:
                sums.add(stacks, len(keys))
                keys.append(("~", 0, "<root>"))
        return sums.rows(keys)


def _key(code: Function) -> StatsKey:
    if code.kind.name == "NATIVE":
        return "~", 0, f"<built-in method {code.qualname or code.name}>"
    if code.kind.name == "SYNTHETIC":
        return "~", 0, f"<{code.name.strip('[]')}>"
    return code.file, code.first_line, code.name


class _Sums:
    """Nanoseconds of functions and of pairs of caller and callee, by number."""

    def __init__(self, size: int) -> None:
        """*size*: more than any number of a function."""
        self._size = size
        self._self_ns = [0] * size
        self._total_ns = [0] * size
        self._pairs: dict[int, int] = {}  # callee * size + caller: place in the columns below
        self._pair_self_ns = array("q")
        self._pair_total_ns = array("q")
        self._pair_open = array("I")

    def add(self, stacks: ThreadStacks, outermost: int) -> None:
        """Adds a thread; *outermost* is the number that stands for it."""
        self_ns, parent, size = stacks.self_ns(), stacks.parent, self._size
        total_ns = self_ns[:]
        for node in range(len(parent) - 1, 0, -1):
            total_ns[parent[node]] += total_ns[node]
        self._self_ns[outermost] += self_ns[0]
        self._total_ns[outermost] += total_ns[0]
        function_open = [0] * size
        # What is open, outermost first: node, function, place of the pair with its caller.
        nodes, functions, pairs = [0], [outermost], [-1]
        pair_self_ns, pair_total_ns = self._pair_self_ns, self._pair_total_ns
        pair_open = self._pair_open
        # Nodes are numbered depth first: those that are open are an ancestor's.
        for node, function in zip(range(1, len(parent)), stacks.entry[1:]):
            above = parent[node]
            while nodes[-1] != above:
                nodes.pop()
                function_open[functions.pop()] -= 1
                pair_open[pairs.pop()] -= 1
            own, whole = self_ns[node], total_ns[node]
            pair = self._pair(function * size + functions[-1])
            self._self_ns[function] += own
            pair_self_ns[pair] += own
            if not function_open[function]:
                self._total_ns[function] += whole
            if not pair_open[pair]:
                pair_total_ns[pair] += whole
            nodes.append(node)
            functions.append(function)
            pairs.append(pair)
            function_open[function] += 1
            pair_open[pair] += 1
        for pair in pairs[1:]:
            pair_open[pair] -= 1

    def _pair(self, key: int) -> int:
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = len(self._pair_open)
            self._pair_self_ns.append(0)
            self._pair_total_ns.append(0)
            self._pair_open.append(0)
        return found

    def rows(self, keys: list[StatsKey]) -> dict[StatsKey, StatsRow]:
        """What was added; *keys* by number."""
        found: dict[StatsKey, StatsRow] = {}
        for key, self_ns, total_ns in zip(keys, self._self_ns, self._total_ns):
            if total_ns:
                found[key] = (0, 0, self_ns / _NS, total_ns / _NS, {})
        for pair, place in self._pairs.items():
            callee, caller = divmod(pair, self._size)
            own, whole = self._pair_self_ns[place], self._pair_total_ns[place]
            if keys[caller] in found:
                found[keys[callee]][4][keys[caller]] = (0, 0, own / _NS, whole / _NS)
        return found
