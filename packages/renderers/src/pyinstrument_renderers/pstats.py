"""https://docs.python.org/3/library/profile.html#the-stats-class: a dump like ``cProfile``'s.

Samples do not tell how often a function was called: calls are 0, and ``pstats`` leaves the time a
call blank.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Dict, Iterator, Tuple

from .tool_renderer import ClockToolRenderer

if TYPE_CHECKING:
    from pyinstrument_model.functions import Function
    from pyinstrument_model.session import Session

    from .thread_stacks import ThreadStacks

StatsKey = Tuple[str, int, str]
"""File, first line, function; ``Class.__init__`` where that is generated code."""
Times = Tuple[int, int, float, float]
"""Calls without recursion, calls, seconds without and with callees."""
StatsRow = Tuple[int, int, float, float, Dict[StatsKey, Times]]

_MARSHAL_VERSION = 4
"""The newest that Python 3.8 reads."""
_NS = 1e9


class PstatsRenderer(ClockToolRenderer[bytes]):
    """Functions with their callers. Recursion counts once: a function that calls itself is one
    stretch of time, and so is a caller that calls it again further up.

    Where there are several threads, each is the caller of what it ran. Functions without Python
    code are spelt as ``cProfile`` does.
    """

    output_file_extension = "pstats"
    output_is_binary = True

    def parts(self, session: Session) -> Iterator[bytes]:
        yield marshal.dumps(self.stats(session), _MARSHAL_VERSION)

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
    name, file, first_line = code.key  # generated functions differ by nothing but the class in it
    return file, first_line, name


class _Sums:
    """Nanoseconds by function, and by callee and caller. Functions are numbers."""

    def __init__(self, size: int) -> None:
        """*size*: how many functions there may be, with what stands for threads."""
        self._nobody = size
        self._self_ns = [0] * (size + 1)
        self._total_ns = [0] * (size + 1)
        # By callee, then by caller; the second has those in which time was spent only.
        self._caller_total_ns: list[dict[int, int]] = [{} for _ in range(size)]
        self._caller_self_ns: list[dict[int, int]] = [{} for _ in range(size)]

    def add(self, stacks: ThreadStacks, outermost: int | None) -> None:
        """Adds a thread; *outermost* is the number that stands for it, None where nothing does."""
        top = self._nobody if outermost is None else outermost
        self_ns, parent = stacks.self_ns(), stacks.parent
        total_ns = self_ns[:]
        for node, above in zip(range(len(parent) - 1, 0, -1), reversed(parent)):
            total_ns[above] += total_ns[node]
        self._self_ns[top] += self_ns[0]
        self._total_ns[top] += total_ns[0]
        self._add_self(stacks, self_ns, top)
        self._add_totals(stacks, total_ns, top)

    def _add_self(self, stacks: ThreadStacks, self_ns: list[int], top: int) -> None:
        entry, parent = stacks.entry, stacks.parent
        for node, spent in enumerate(self_ns):
            if spent and node:
                function, above = entry[node], parent[node]
                caller = entry[above] if above else top
                self._self_ns[function] += spent
                found = self._caller_self_ns[function]
                found[caller] = found.get(caller, 0) + spent

    def _add_totals(self, stacks: ThreadStacks, total_ns: list[int], top: int) -> None:
        """Of functions and pairs that are open already, the one further out has the time.

        1. Nodes are numbered depth first: what is above a node on the path was met before it.
        2. The path is not cut when calls end. Depths noted for a function or pair are those of its
           outermost open call, if it still stands there in the path; else it is not open.
        """
        totals, caller_totals = self._total_ns, self._caller_total_ns
        path = [top]
        depths = [0]
        function_depth = [len(total_ns)] * len(totals)  # deeper than any call
        pair_depth: dict[tuple[int, int], int] = {}  # of pairs that are not their function's first
        rows = zip(stacks.parent[1:], stacks.entry[1:], total_ns[1:])
        for above, function, spent in rows:
            depth = depths[above] + 1
            depths.append(depth)
            caller = path[depth - 1]
            if depth == len(path):
                path.append(function)
            else:
                path[depth] = function
            first = function_depth[function]
            if first >= depth or path[first] != function:
                totals[function] += spent
                function_depth[function] = depth
            elif path[first - 1] == caller:
                continue
            else:
                pair = function, caller
                outer = pair_depth.get(pair, depth)
                if outer < depth and path[outer] == function and path[outer - 1] == caller:
                    continue
                pair_depth[pair] = depth
            found = caller_totals[function]
            found[caller] = found.get(caller, 0) + spent

    def rows(self, keys: list[StatsKey]) -> dict[StatsKey, StatsRow]:
        """What was added; *keys* by number. What has no time is left out."""
        found: dict[StatsKey, StatsRow] = {}
        for number, key in enumerate(keys):
            if self._total_ns[number]:
                own = self._caller_self_ns[number]
                callers = self._caller_total_ns[number]
                callers.pop(self._nobody, None)
                found[key] = (
                    0,
                    0,
                    self._self_ns[number] / _NS,
                    self._total_ns[number] / _NS,
                    {
                        keys[caller]: (
                            0,
                            0,
                            own[caller] / _NS if caller in own else 0.0,
                            spent / _NS,
                        )
                        for caller, spent in callers.items()
                    },
                )
                callers.clear()
        return found
