"""What formats for other tools are written from: the stacks of each thread as a prefix tree.

Columns, no object a call or sample: cost follows distinct stacks, and depth is free.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Iterator, NamedTuple, Sequence

if TYPE_CHECKING:
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import Lane, StackIndex
    from pyinstrument_model.tree_root import TreeRoot

_OUTSIDE = 0xFFFFFFFF
"""Node of a row that is not above the root."""


class ThreadStacks(NamedTuple):
    """One thread's calls and samples.

    Nodes are calls, or lines of calls where those were asked for. Node 0 is the empty stack, and a
    parent's number is smaller than its child's. Calls are numbered depth first.
    """

    name: str
    """``worker``; with its ident, where another thread has that name too."""
    ident: int
    parent: array[int]
    """By node."""
    entry: array[int]
    """By node: the function's place in the index, or the location's in the recording. Node 0 has
    none."""
    sample_node: list[int]
    """By sample, as they were taken; those that took no time are left out."""
    sample_ns: list[int]
    places: list[int]
    """By sample: its place in the lane, for :meth:`column`."""
    lane: Lane

    def column(self, ordered: Sequence[int]) -> list[int]:
        """By sample: what a column in the index's order of samples says."""
        start = self.lane.start
        return [ordered[start + place] for place in self.places]

    def depths(self) -> array[int]:
        """By node: how many calls it is deep."""
        found = array("I", bytes(4 * len(self.parent)))
        parent = self.parent
        for node in range(1, len(parent)):
            found[node] = found[parent[node]] + 1
        return found

    def self_ns(self) -> list[int]:
        """By node: nanoseconds of the samples with exactly this stack."""
        found = [0] * len(self.parent)
        for node, spent in zip(self.sample_node, self.sample_ns):
            found[node] += spent
        return found


def thread_stacks(
    session: Session, *, clock: str = "wall", show_all: bool = True, lines: bool = False
) -> Iterator[ThreadStacks]:
    """The stacks of each thread with time, the one that started first.

    What is below the start of the profile is left out, and the frames of the ``pyinstrument``
    command; time in those counts as the root's. Without *show_all*, so are frames that ask to be
    hidden and those of the import system: their time counts as their caller's.
    """
    from pyinstrument_model.build_rules import BuildRules
    from pyinstrument_model.processors.remove_importlib import is_importlib
    from pyinstrument_model.processors.remove_tracebackhide import is_hidden
    from pyinstrument_model.program_roots import program_roots

    index = session.stack_index_of(clock)
    rules = BuildRules() if show_all else BuildRules(skips=(is_importlib, is_hidden))
    skipped = rules.skipped(index.functions.functions)
    names = _thread_names(session, index)
    # Once: what is done for each thread must not follow the size of the whole session.
    of_entry = _of_locations(index, skipped) if lines else skipped
    rows = [*(lane.row for lane in index.lanes), len(index.parent)]
    end_of = dict(zip(rows, rows[1:]))
    for lane, program in program_roots(index, rules, skipped):
        name, ident = names[lane.thread]
        nodes = _Nodes(index, lane, end_of[lane.row], of_entry)
        if program is not None:
            add = nodes.add_lines if lines else nodes.add_calls
            add(program.rows, is_call=not _is_stand_in(program))
        yield ThreadStacks(name, ident, nodes.parent, nodes.entry, *nodes.samples(), lane)


def _of_locations(index: StackIndex, of_function: list[bool]) -> list[bool]:
    return [of_function[function] for function in index.functions.of_location]


def no_stacks() -> ThreadStacks:
    """A thread that did nothing, for formats that must have one."""
    from pyinstrument_model.stack_index import Lane

    return ThreadStacks(
        "MainThread", 0, array("I", [0]), array("I", [0]), [], [], [], Lane(0, 0, 0, 0)
    )


def _is_stand_in(root: TreeRoot) -> bool:
    """Whether the root is a thread or ``[root]``, which are no calls."""
    from pyinstrument_model.functions import ROOT, THREAD_FILE

    code = root.function
    return code.is_synthetic and (code.file == THREAD_FILE or code.name == ROOT)


class _Nodes:
    """Nodes under construction, and which one each row of a lane stands for."""

    __slots__ = ("_index", "_lane", "_skipped", "entry", "first_row", "of_row", "parent", "root")

    def __init__(self, index: StackIndex, lane: Lane, end: int, skipped: list[bool]) -> None:
        """*end* is the row after the lane's last; *skipped* goes by what nodes stand for."""
        self._index = index
        self._lane = lane
        self._skipped = skipped
        self.parent = array("I", [0])
        self.entry = array("I", [0])
        self.root = 0
        """The node that time outside of all calls belongs to."""
        self.first_row = lane.row
        self.of_row = array("I", [_OUTSIDE]) * (end - lane.row)

    def add_calls(self, rows: list[int], is_call: bool) -> None:
        """Nodes for calls: rows of one function above the same node are one.

        *rows* are those of the root, which *is_call* or else is the empty stack.
        """
        index, skipped, of_row = self._index, self._skipped, self.of_row
        first_child, next_sibling = index.first_child, index.next_sibling
        function_of, first_row = index.of_row, self.first_row
        parents, entries = self.parent, self.entry
        if is_call:
            self.root = 1
            waiting = [(0, function_of[rows[0]], rows[:])]
        else:
            waiting = []
            self._gather(0, rows[:], waiting)
        while waiting:
            above, function, rows = waiting.pop()
            node = len(parents)
            parents.append(above)
            entries.append(function)
            if len(rows) == 1:
                # Most of a large tree is unbranched: one row above one row.
                row = rows[0]
                child = first_child[row]
                while child and not next_sibling[child] and not skipped[function_of[child]]:
                    of_row[row - first_row] = node
                    parents.append(node)
                    entries.append(function_of[child])
                    node += 1
                    row = child
                    child = first_child[row]
                if not child:
                    of_row[row - first_row] = node
                    continue
                rows = [row]
            self._gather(node, rows, waiting)

    def _gather(
        self, node: int, rows: list[int], waiting: list[tuple[int, int, list[int]]]
    ) -> None:
        """Gives *rows* to a node, and puts what is above them, by function, in line."""
        index, skipped = self._index, self._skipped
        groups: dict[int, list[int]] = {}
        for row in rows:  # skipped ones are added on the way: they are looked through
            self.of_row[row - self.first_row] = node
            for child in index.children(row):
                function = index.of_row[child]
                if skipped[function]:
                    rows.append(child)
                elif function in groups:
                    groups[function].append(child)
                else:
                    groups[function] = [child]
        waiting.extend((node, function, above) for function, above in reversed(groups.items()))

    def add_lines(self, rows: list[int], is_call: bool) -> None:
        """Nodes for lines: one a row. Arguments as of :meth:`add_calls`."""
        index, of_row, first_row = self._index, self.of_row, self.first_row
        location, total_ns = index.location, index.total_ns
        parents, entries = self.parent, self.entry
        for row in rows:
            of_row[row - first_row] = 0
        roots = set(rows)
        if is_call:
            self.root = 1
            for row in rows:
                of_row[row - first_row] = len(parents)
                parents.append(0)
                entries.append(location[row])
        skipped = self._skipped
        for row in range(first_row + 1, first_row + len(of_row)):
            above = of_row[index.parent[row] - first_row]
            if above == _OUTSIDE or not total_ns[row] or row in roots:
                continue
            if skipped[location[row]]:
                of_row[row - first_row] = above
                continue
            of_row[row - first_row] = len(parents)
            parents.append(above)
            entries.append(location[row])

    def samples(self) -> tuple[list[int], list[int], list[int]]:
        """Node, nanoseconds and place of each sample that took time."""
        index, of_row, first_row = self._index, self.of_row, self.first_row
        nodes: list[int] = []
        times: list[int] = []
        places: list[int] = []
        span = slice(self._lane.start, self._lane.end)
        rows = zip(index.sample_stack[span], index.sample_ns[span])
        for place, (stack, spent) in enumerate(rows):
            if spent:
                node = of_row[stack - first_row]
                nodes.append(self.root if node == _OUTSIDE else node)
                times.append(spent)
                places.append(place)
        return nodes, times, places


def _thread_names(session: Session, index: StackIndex) -> dict[int, tuple[str, int]]:
    """Name and ident by row of the thread table; namesakes are told apart by their idents."""
    from pyinstrument_model.functions import thread_title

    recording = session.recording
    idents = recording.threads.ident
    titles = {
        lane.thread: thread_title(recording.thread_name(lane.thread) or "", idents[lane.thread])
        for lane in index.lanes
        if lane.thread < len(idents)  # nothing was recorded
    }
    counts: dict[str, int] = {}
    for title in titles.values():
        counts[title] = counts.get(title, 0) + 1
    return {
        thread: (
            title if counts[title] == 1 else f"{title} (thread {idents[thread]})",
            idents[thread],
        )
        for thread, title in titles.items()
    }
