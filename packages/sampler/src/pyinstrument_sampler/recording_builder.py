"""Makes a ``Recording`` row by row, giving equal rows one id.

Used by the reference engine, by readers of foreign profiles and by tests; the compiled engines
keep stacks and samples natively and use it for frames and locations, which are few.
"""

from __future__ import annotations

from array import array
from typing import Dict, List, Optional, Tuple

from .recording import (
    BUILT_IN_FILE,
    FrameKind,
    FrameTable,
    LocationTable,
    Recording,
    RecordingFacts,
    SampleState,
    SampleTable,
    StackTable,
    ThreadTable,
)


class RecordingBuilder:
    """Tables under construction. Ids that its methods return stay valid in the built recording."""

    def __init__(self) -> None:
        self._strings: Dict[str, int] = {"": 0}
        self._texts: List[str] = [""]
        self._frames: Dict[Tuple[int, int, int, int, int, int, int], int] = {}
        self._locations: Dict[Tuple[int, int, int, int], int] = {}
        self._stacks: Dict[Tuple[int, int], int] = {}
        self._stack_parent = array("I", [0])
        self._stack_location = array("I", [0])
        self._samples = empty_sample_table()
        self._last_row: Dict[int, int] = {}
        self._clock_ns: Dict[int, int] = {}
        self._thread_ident = array("Q")
        self._thread_name = array("I")

    def string(self, text: str) -> int:
        """Id of a string."""
        found = self._strings.get(text)
        if found is None:
            found = self._strings[text] = len(self._texts)
            self._texts.append(text)
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

    def native_frame(self, name: str, module: Optional[str]) -> int:
        """Id of a function without Python code; *name* is its ``__qualname__``."""
        qualname = f"{module}.{name}" if module else name
        return self.frame(name, BUILT_IN_FILE, 0, qualname=qualname, kind=FrameKind.NATIVE)

    def synthetic_frame(self, name: str) -> int:
        """Id of a frame that is no function, like ``[await]``."""
        return self.frame(name, "", 0, kind=FrameKind.SYNTHETIC)

    def location(self, frame: int, line: int = 0, column: int = 0, end_column: int = 0) -> int:
        """Id of a place in a frame."""
        return self._locations.setdefault((frame, line, column, end_column), len(self._locations))

    def stack(self, parent: int, location: int) -> int:
        """Id of the stack that is *parent* (0: empty) with one location on top."""
        key = (parent, location)
        found = self._stacks.get(key)
        if found is None:
            found = self._stacks[key] = len(self._stack_parent)
            self._stack_parent.append(parent)
            self._stack_location.append(location)
        return found

    def thread(self, ident: int, name: str) -> int:
        """Adds a thread; its id is its place in order."""
        self._thread_ident.append(ident)
        self._thread_name.append(self.string(name))
        return len(self._thread_ident) - 1

    def add_sample(
        self,
        stack: int,
        duration_ns: int,
        *,
        thread: int = 0,
        ticks: int = 1,
        cpu_ns: int = 0,
        state: SampleState = SampleState.RUNNING,
        start_ns: Optional[int] = None,
    ) -> None:
        """Adds a sample; without *start_ns* it begins where the thread's last one ended.

        A sample equal in stack and state to the thread's last one, and adjacent, extends that row.
        """
        samples = self._samples
        clock = self._clock_ns.get(thread, 0)
        start = clock if start_ns is None else start_ns
        self._clock_ns[thread] = start + duration_ns
        last = self._last_row.get(thread, -1)
        if (
            last >= 0
            and start == clock
            and samples.stack[last] == stack
            and samples.state[last] == state
        ):
            samples.duration_ns[last] += duration_ns
            samples.ticks[last] += ticks
            samples.cpu_ns[last] += cpu_ns
            return
        self._last_row[thread] = len(samples.stack)
        samples.stack.append(stack)
        samples.start_ns.append(start)
        samples.duration_ns.append(duration_ns)
        samples.ticks.append(ticks)
        samples.thread.append(thread)
        samples.cpu_ns.append(cpu_ns)
        samples.state.append(state)

    def build(
        self,
        facts: RecordingFacts,
        *,
        stacks: Optional[StackTable] = None,
        samples: Optional[SampleTable] = None,
    ) -> Recording:
        """The recording so far (a copy); *stacks* and *samples* kept elsewhere replace its own."""
        frame_columns = list(zip(*self._frames)) or [()] * 7
        location_columns = list(zip(*self._locations)) or [()] * 4
        codes = "IIIIIBB"
        return Recording(
            strings=tuple(self._texts),
            frames=FrameTable(*(array(c, values) for c, values in zip(codes, frame_columns))),
            locations=LocationTable(*(array("I", values) for values in location_columns)),
            stacks=stacks or StackTable(self._stack_parent[:], self._stack_location[:]),
            samples=samples or self._sample_table(),
            threads=ThreadTable(self._thread_ident[:], self._thread_name[:]),
            facts=facts,
        )

    def _sample_table(self) -> SampleTable:
        return SampleTable(*(column[:] for column in self._samples))


def empty_sample_table() -> SampleTable:
    """A sample table without rows, of the documented column types."""
    return SampleTable(*(array(code) for code in "IqqIIqB"))
