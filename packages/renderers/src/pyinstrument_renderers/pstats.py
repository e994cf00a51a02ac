"""https://docs.python.org/3/library/profile.html#the-stats-class: a dump like ``cProfile``'s.

Samples do not tell how often a function was called: calls are 0, and ``pstats`` leaves the time a
call blank.
"""

from __future__ import annotations

import marshal
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
        sums = _Sums(len(keys) + len(index.lanes))
        for stacks in threads:
            name = f"<thread {stacks.name}>" if has_threads else "<root>"
            # A single thread is worth a row only for time outside of all calls.
            if has_threads or 0 in stacks.sample_node:
                keys.append(("~", 0, name))
                sums.add(stacks, len(keys) - 1)
            else:
                sums.add(stacks, None)
        return sums.rows(keys)


def _key(code: Function) -> StatsKey:
    if code.kind.name == "NATIVE":
        return "~", 0, f"<built-in method {code.qualname or code.name}>"
    if code.kind.name == "SYNTHETIC":
        return "~", 0, f"<{code.name.strip('[]')}>"
    return code.file, code.first_line, code.name


class _Sums:
    """Nanoseconds by function, and by pair of callee and caller. Functions are numbers."""

    def __init__(self, size: int) -> None:
        """*size*: how many functions there may be, with what stands for threads."""
        self._size = size + 1
        self._self_ns = [0] * self._size
        self._total_ns = [0] * self._size
        # By callee * size + caller; the second has those pairs only in which time was spent.
        self._pair_total_ns: dict[int, int] = {}
        self._pair_self_ns: dict[int, int] = {}

    def add(self, stacks: ThreadStacks, outermost: int | None) -> None:
        """Adds a thread; *outermost* is the number that stands for it, None where nothing does."""
        top = self._size - 1 if outermost is None else outermost
        self_ns, parent = stacks.self_ns(), stacks.parent
        total_ns = self_ns[:]
        for node in range(len(parent) - 1, 0, -1):
            total_ns[parent[node]] += total_ns[node]
        self._self_ns[top] += self_ns[0]
        self._total_ns[top] += total_ns[0]
        self._add_self(stacks, self_ns, top)
        self._add_totals(stacks, total_ns, top)

    def _add_self(self, stacks: ThreadStacks, self_ns: list[int], top: int) -> None:
        entry, parent, found = stacks.entry, stacks.parent, self._pair_self_ns
        for node, spent in enumerate(self_ns):
            if spent and node:
                above = parent[node]
                self._self_ns[entry[node]] += spent
                pair = entry[node] * self._size + (entry[above] if above else top)
                found[pair] = found.get(pair, 0) + spent

    def _add_totals(self, stacks: ThreadStacks, total_ns: list[int], top: int) -> None:
        """Of functions and pairs that are open already, the one further out has the time."""
        size, totals, pair_totals = self._size, self._total_ns, self._pair_total_ns
        open_functions = [0] * size
        first_caller = [0] * size  # of the outermost open call
        more_pairs: set[int] = set()  # open ones of calls further in
        # What is open, outermost first: node, function, and its pair where that is in more_pairs.
        nodes, functions, pairs = [0], [top], [-1]
        # Nodes are numbered depth first: those that are open are an ancestor's.
        rows = zip(range(1, len(total_ns)), stacks.parent[1:], stacks.entry[1:], total_ns[1:])
        for node, above, function, spent in rows:
            while nodes[-1] != above:
                nodes.pop()
                open_functions[functions.pop()] -= 1
                more_pairs.discard(pairs.pop())
            caller, added = functions[-1], -1
            pair = function * size + caller
            if not open_functions[function]:
                totals[function] += spent
                first_caller[function] = caller
                pair_totals[pair] = pair_totals.get(pair, 0) + spent
            elif first_caller[function] != caller and pair not in more_pairs:
                more_pairs.add(pair)
                added = pair
                pair_totals[pair] = pair_totals.get(pair, 0) + spent
            nodes.append(node)
            functions.append(function)
            pairs.append(added)
            open_functions[function] += 1

    def rows(self, keys: list[StatsKey]) -> dict[StatsKey, StatsRow]:
        """What was added; *keys* by number. What has no time is left out."""
        callers: list[dict[StatsKey, Times]] = [{} for _ in keys]
        own, count = self._pair_self_ns, len(keys)
        for pair, spent in self._pair_total_ns.items():
            callee, caller = divmod(pair, self._size)
            if caller < count:
                self_s = own[pair] / _NS if pair in own else 0.0
                callers[callee][keys[caller]] = (0, 0, self_s, spent / _NS)
        times = zip(keys, self._self_ns, self._total_ns, callers)
        return {
            key: (0, 0, self_ns / _NS, total_ns / _NS, above)
            for key, self_ns, total_ns, above in times
            if total_ns
        }
