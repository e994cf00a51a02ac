"""One node of a call tree: a function in its place, with the time spent there.

Times are whole nanoseconds inside, so that sums are exact; the names in seconds are those that
users of pyinstrument know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, NamedTuple, Protocol

from pyinstrument_sampler.recording import FrameKind

from .errors import BrokenTreeError
from .functions import AWAIT, OUT_OF_CONTEXT, SELF, THREAD_FILE, Function

if TYPE_CHECKING:
    from .frame_group import FrameGroup

_SYNTHETIC_LEAVES = frozenset({SELF, AWAIT, OUT_OF_CONTEXT})
NS_PER_SECOND = 1_000_000_000


class LineTime(NamedTuple):
    """Time at one line of a function."""

    self_ns: int
    """The line itself ran: the function was the leaf of the recorded stack."""
    total_ns: int
    """The line ran, or something it called."""


class Origin(Protocol):
    """Where a node's details come from; read only when somebody asks for them."""

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        """Line and time, any number of times a line; their totals are the node's total."""

    def class_times(self) -> Iterable[tuple[str, int]]:
        """Class name (``""``: none) and nanoseconds, any number of times a class."""

    def cpu_ns(self) -> int:
        """CPU time of it all, nanoseconds."""


class CallNode:
    """A function at one place of the tree.

    Always: ``total_ns == absorbed_ns + sum of the children's total_ns``, and every child's
    ``parent`` is this node. Time in the function itself is a ``[self]`` leaf among the children,
    so that a time-ordered tree shows when it was, or absorbed, once that leaf has been removed.
    """

    __slots__ = (
        "absorbed_ns",
        "children",
        "code",
        "group",
        "origins",
        "parent",
        "total_ns",
    )

    def __init__(
        self,
        code: Function,
        total_ns: int,
        absorbed_ns: int = 0,
        origins: tuple[Origin, ...] = (),
    ) -> None:
        self.code = code
        self.total_ns = total_ns
        self.absorbed_ns = absorbed_ns
        self.origins = origins
        self.children: list[CallNode] = []
        self.parent: CallNode | None = None
        self.group: FrameGroup | None = None

    def __repr__(self) -> str:
        return f"<CallNode {self.function} {self.time:.6f}s, {len(self.children)} children>"

    # What ran.

    @property
    def identifier(self) -> str:
        """``function NUL file NUL first line``; for ``[self]`` and its like the name alone. It need
        not be unique: see ``code.key``."""
        return self.code.identifier

    @property
    def function(self) -> str:
        """The function's name; for native ones qualified, like ``list.sort``."""
        return self.code.name

    @property
    def qualname(self) -> str:
        """The qualified name where it was recorded, else ``""``."""
        return self.code.qualname

    @property
    def kind(self) -> FrameKind:
        """Python, native or synthetic."""
        return self.code.kind

    @property
    def file_path(self) -> str | None:
        """The file as recorded; None for synthetic nodes."""
        return self.code.file or None

    @property
    def file_path_short(self) -> str | None:
        """The file relative to the most telling ``sys.path`` entry; None for synthetic nodes."""
        return self.code.short_file or None

    @property
    def line_no(self) -> int | None:
        """Line of the definition; None for synthetic nodes."""
        return self.code.first_line if self.code.file else None

    def code_position_short(self) -> str | None:
        """``file:line``, short; for native functions the file alone; None for synthetic nodes."""
        if not self.code.file:
            return None
        if self.code.first_line and self.code.file != THREAD_FILE:
            return f"{self.code.short_file}:{self.code.first_line}"
        return self.code.short_file

    @property
    def has_tracebackhide(self) -> bool:
        """The code asks not to be shown, by a local ``__tracebackhide__``."""
        return self.code.hidden

    @property
    def is_synthetic(self) -> bool:
        """No function at all: ``[self]``, ``[await]``, ``[root]`` …"""
        return self.code.kind is FrameKind.SYNTHETIC

    @property
    def is_synthetic_leaf(self) -> bool:
        """Stands for time, never for a call: ``[self]``, ``[await]``, ``[out-of-context]``."""
        return self.is_synthetic and self.code.name in _SYNTHETIC_LEAVES

    @property
    def is_thread(self) -> bool:
        """Stands for a thread: the root of all that the thread did."""
        return self.code.file == THREAD_FILE

    @property
    def is_application_code(self) -> bool:
        """Whether this is the user's own code; code run from a string is what its caller is."""
        claim = self.code.is_application_code
        node = self
        while claim is None:
            if node.parent is None or node.parent.is_synthetic:
                return True
            node = node.parent
            claim = node.code.is_application_code
        return claim

    # How long.

    @property
    def time(self) -> float:
        """Seconds in the function and what it called."""
        return self.total_ns / NS_PER_SECOND

    @property
    def cpu_ns(self) -> int:
        """Nanoseconds of :attr:`total_ns` in which the thread ran on a CPU, as far as was recorded.

        Clocks differ a little: it may be more than :attr:`total_ns`.
        """
        return sum(origin.cpu_ns() for origin in self.origins)

    @property
    def cpu_time(self) -> float:
        """Seconds of :attr:`time` in which the thread ran on a CPU; 0 where not recorded."""
        return self.cpu_ns / NS_PER_SECOND

    @property
    def waiting_ns(self) -> int:
        """Nanoseconds in which the thread did not run: asleep, blocked, awaiting, or in line for a
        CPU. All of them where CPU time was not recorded (``facts.cpu_clock``)."""
        return max(0, self.total_ns - self.cpu_ns)

    @property
    def waiting_time(self) -> float:
        """Seconds in which the thread did not run."""
        return self.waiting_ns / NS_PER_SECOND

    @property
    def absorbed_time(self) -> float:
        """Seconds whose children were removed from the tree, or that a leaf stands for."""
        return self.absorbed_ns / NS_PER_SECOND

    @property
    def self_ns(self) -> int:
        """Nanoseconds in the node itself: absorbed, and its ``[self]`` children."""
        found = self.absorbed_ns
        for child in self.children:
            if child.code.name == SELF and child.is_synthetic:
                found += child.total_ns
        return found

    @property
    def total_self_time(self) -> float:
        """Seconds in the node itself: absorbed, and its ``[self]`` children."""
        return self.self_ns / NS_PER_SECOND

    @property
    def proportion_of_parent(self) -> float:
        """0 to 1; 1 for the root."""
        if self.parent is None or self.parent.total_ns == 0:
            return 1.0
        return self.total_ns / self.parent.total_ns

    def await_time(self) -> float:
        """Seconds in this node's subtree that were spent awaiting."""
        found = 0
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.code.name == AWAIT and node.is_synthetic:
                found += node.total_ns
            else:
                waiting.extend(node.children)
        return found / NS_PER_SECOND

    # What the samples said besides.

    @property
    def class_ns(self) -> dict[str, int]:
        """Nanoseconds by class of ``self``, for the samples that had one."""
        found: dict[str, int] = {}
        for origin in self.origins:
            for class_name, spent in origin.class_times():
                if class_name:
                    found[class_name] = found.get(class_name, 0) + spent
        return found

    @property
    def class_name(self) -> str | None:
        """The class that most time was spent with; None without one."""
        return self.code.main_class(self.class_ns if self.code.has_several_classes else {})

    @property
    def lines(self) -> dict[int, LineTime]:
        """Time by line, in order of the lines; 0 is an unknown line. Exact in self time also where
        processors removed what a line called."""
        found: dict[int, LineTime] = {}
        for origin in self.origins:
            for line, (self_ns, total_ns) in origin.line_times():
                before = found.get(line)
                if before is not None:
                    self_ns += before.self_ns
                    total_ns += before.total_ns
                found[line] = LineTime(self_ns, total_ns)
        return {line: found[line] for line in sorted(found)}

    @property
    def attributes(self) -> dict[str, float]:
        """Seconds by mark: ``c`` + class, ``l`` + line, ``h1`` for hidden code."""
        marks: dict[str, float] = {}
        for class_name, spent in self.class_ns.items():
            marks[f"c{class_name}"] = spent / NS_PER_SECOND
        for line, times in self.lines.items():
            if line:
                marks[f"l{line}"] = times.total_ns / NS_PER_SECOND
        if self.code.hidden:
            marks["h1"] = self.time
        return marks

    # The whole subtree.

    def iter_nodes(self) -> Iterable[CallNode]:
        """This node and everything beneath it, parents before children, in order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def self_check(self) -> None:
        """Raises :class:`BrokenTreeError` when times or links in the subtree contradict."""
        for node in self.iter_nodes():
            spent = node.absorbed_ns
            for child in node.children:
                spent += child.total_ns
                if child.parent is not node:
                    raise BrokenTreeError(f"{child!r} is a child of {node!r}, not its parent's")
            if spent != node.total_ns or node.absorbed_ns < 0:
                raise BrokenTreeError(
                    f"{node!r}: total {node.total_ns} ns, but {node.absorbed_ns} ns absorbed and "
                    f"{spent - node.absorbed_ns} ns in children"
                )

    def to_json_str(self) -> str:
        """The subtree as JSON: ``identifier``, ``time``, ``attributes``, ``children``."""
        from .call_node_json import call_node_json

        return call_node_json(self)
