"""Makes a ``Recording`` row by row, giving equal rows one id.

Used by the reference engine, by readers of foreign profiles and by tests; the compiled engines
keep stacks and samples natively and use it for frames and locations, which are few.
"""

# Lists, not generators: Cython's generators and closures, in the compiled copy, leave a reference
# to their type behind.

from __future__ import annotations

from array import array

from .recording import (
    BUILT_IN_FILE,
    FrameKind,
    FrameTable,
    LinkTable,
    LocationTable,
    Recording,
    RecordingFacts,
    SampleState,
    SampleTable,
    StackTable,
    ThreadTable,
)

_SAMPLE_CODES = "IqqIIqB"
_STACK, _DURATION_NS, _TICKS, _CPU_NS, _STATE = (
    SampleTable._fields.index(name) for name in ("stack", "duration_ns", "ticks", "cpu_ns", "state")
)


class RecordingBuilder:
    """Tables under construction. Ids that its methods return stay valid in the built recording."""

    def __init__(self) -> None:
        self._strings: dict[str, int] = {"": 0}
        self._texts: list[str] = [""]
        self._frames: dict[tuple[int, int, int, int, int, int, int], int] = {}
        self._locations: dict[tuple[int, int, int, int], int] = {}
        self._location_rows: list[tuple[int, int, int, int]] = []  # a copy, made when asked
        self._stacks: dict[tuple[int, int], int] = {}
        # Rows one after the other, not columns: a row is added in one step, so that a signal
        # handler that looks at a recording in the making never finds half a row.
        self._stack_rows = array("I", [0, 0])
        self._sample_rows = array("q")
        self._last_row: dict[int, int] = {}
        self._clock_ns: dict[int, int] = {}
        self._thread_rows = array("Q")

    def string(self, text: str) -> int:
        """Id of a string."""
        found = self._strings.get(text)
        if found is None:
            found = len(self._texts)
            self._texts.append(text)
            self._strings[text] = found
        return found

    def text(self, string_id: int) -> str:
        """The string that has this id."""
        return self._texts[string_id]

    def frame(
        self,
        function: str,
        file: str,
        first_line: int,
        *,
        qualname: str = "",
        class_name: str = "",
        kind: FrameKind = FrameKind.PYTHON,
        hidden: bool = False,
    ) -> int:
        """Id of a frame; fields as in :class:`Frame`."""
        key = (
            self.string(function),
            self.string(qualname),
            self.string(file),
            first_line,
            self.string(class_name),
            int(kind),
            int(hidden),
        )
        return self._frames.setdefault(key, len(self._frames))

    def native_frame(self, name: str, module: str | None) -> int:
        """Id of a function without Python code; *name* is its ``__qualname__``."""
        qualname = f"{module}.{name}" if module else name
        return self.frame(name, BUILT_IN_FILE, 0, qualname=qualname, kind=FrameKind.NATIVE)

    def synthetic_frame(self, name: str) -> int:
        """Id of a frame that is no function, like ``[await]``."""
        return self.frame(name, "", 0, kind=FrameKind.SYNTHETIC)

    def location(self, frame: int, line: int = 0, column: int = 0, end_column: int = 0) -> int:
        """Id of a place in a frame."""
        return self._locations.setdefault((frame, line, column, end_column), len(self._locations))

    def frame_of(self, location: int) -> int:
        """Id of the frame that a location is in."""
        if location >= len(self._location_rows):
            self._location_rows = list(self._locations)
        return self._location_rows[location][0]

    def stack(self, parent: int, location: int) -> int:
        """Id of the stack that is *parent* (0: empty) with one location on top."""
        key = (parent, location)
        found = self._stacks.get(key)
        if found is None:
            found = len(self._stack_rows) // 2
            self._stack_rows.extend(key)
            self._stacks[key] = found
        return found

    def shared_stack(self, stack: int, other: int) -> int:
        """The part of *stack* that has the same frames as *other*, on whatever lines."""
        shared = 0
        for mine, others in zip(self._path(stack), self._path(other)):
            if mine != others and self._top_frame(mine) != self._top_frame(others):
                break
            shared = mine
        return shared

    def _path(self, stack: int) -> list[int]:
        path = []
        while stack:
            path.append(stack)
            stack = self._stack_rows[2 * stack]
        path.reverse()
        return path

    def _top_frame(self, stack: int) -> int:
        return self.frame_of(self._stack_rows[2 * stack + 1])

    def thread(self, ident: int, name: str) -> int:
        """Adds a thread; its id is its place in order."""
        self._thread_rows.extend((ident, self.string(name)))
        return len(self._thread_rows) // 2 - 1

    def name_thread(self, thread: int, name: str) -> None:
        """Gives a thread another name."""
        self._thread_rows[2 * thread + 1] = self.string(name)

    def add_sample(
        self,
        stack: int,
        duration_ns: int,
        *,
        thread: int = 0,
        ticks: int = 1,
        cpu_ns: int = 0,
        state: SampleState = SampleState.RUNNING,
        start_ns: int | None = None,
    ) -> None:
        """Adds a sample; without *start_ns* it begins where the thread's last one ended.

        A sample equal in stack and state to the thread's last one, and adjacent, extends that row.
        """
        rows = self._sample_rows
        clock = self._clock_ns.get(thread, 0)
        start = clock if start_ns is None else start_ns
        last = self._last_row.get(thread, -1)
        if (
            last >= 0
            and start == clock
            and rows[last + _STACK] == stack
            and rows[last + _STATE] == state
        ):
            rows[last + _DURATION_NS] += duration_ns
            rows[last + _TICKS] += ticks
            rows[last + _CPU_NS] += cpu_ns
        else:
            added = len(rows)
            rows.extend((stack, start, duration_ns, ticks, thread, cpu_ns, state))
            self._last_row[thread] = added
        self._clock_ns[thread] = start + duration_ns

    def build(
        self,
        facts: RecordingFacts,
        *,
        stacks: StackTable | None = None,
        samples: SampleTable | None = None,
        links: LinkTable | None = None,
    ) -> Recording:
        """The recording so far (a copy); *stacks* and *samples* kept elsewhere replace its own."""
        # What refers to rows is copied before them, each in one step: meanwhile a signal handler,
        # another thread or a finalizer may add more.
        if samples is None:
            samples = self._sample_table()
        if stacks is None:
            stack_rows = self._stack_rows[:]
            stacks = StackTable(stack_rows[0::2], stack_rows[1::2])
        thread_rows = self._thread_rows[:]
        location_rows = list(self._locations)
        frame_rows = list(self._frames)
        strings = tuple(self._texts)
        location_columns = list(zip(*location_rows)) or [()] * 4
        frame_columns = list(zip(*frame_rows)) or [()] * 7
        codes = "IIIIIBB"
        return Recording(
            strings=strings,
            frames=FrameTable(*[array(c, values) for c, values in zip(codes, frame_columns)]),
            locations=LocationTable(*[array("I", values) for values in location_columns]),
            stacks=stacks,
            samples=samples,
            threads=ThreadTable(thread_rows[0::2], array("I", thread_rows[1::2])),
            links=empty_link_table() if links is None else links,
            facts=facts,
        )

    def _sample_table(self) -> SampleTable:
        rows = self._sample_rows[:]
        return SampleTable(
            *[
                array(code, rows[column :: len(_SAMPLE_CODES)])
                for column, code in enumerate(_SAMPLE_CODES)
            ]
        )


def empty_sample_table() -> SampleTable:
    """A sample table without rows, of the documented column types."""
    return SampleTable(*[array(code) for code in _SAMPLE_CODES])


def empty_link_table() -> LinkTable:
    """A link table without rows, of the documented column types."""
    return LinkTable(*[array(code) for code in "IIIq"])
