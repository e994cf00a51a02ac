"""Tables of several recordings as one: every row is numbered anew, by first use."""

from __future__ import annotations

from array import array
from typing import NamedTuple, Tuple

from pyinstrument_sampler.recording import (
    FrameTable,
    LinkTable,
    LocationTable,
    Recording,
    RecordingFacts,
    SampleTable,
    StackTable,
    ThreadTable,
)

ThreadKey = Tuple[int, str]
"""Ident and name: what makes threads of several recordings the same."""


def thread_key(recording: Recording, thread: int) -> ThreadKey:
    """The key of a row of the thread table."""
    return recording.threads.ident[thread], recording.thread_name(thread) or ""


class _FrameRow(NamedTuple):
    function: int
    qualname: int
    file: int
    first_line: int
    class_name: int
    kind: int
    hidden: int


class CombinedTables:
    """Tables under construction; an id is given at first use."""

    __slots__ = ("frames", "locations", "stacks", "strings", "threads")

    def __init__(self) -> None:
        self.strings: dict[str, int] = {"": 0}
        self.frames: dict[_FrameRow, int] = {}
        self.locations: dict[tuple[int, ...], int] = {}
        self.stacks: dict[tuple[int, int], int] = {(0, 0): 0}
        self.threads: dict[tuple[int, int], int] = {}

    def string(self, text: str) -> int:
        """Id of a string."""
        return self.strings.setdefault(text, len(self.strings))

    def thread(self, key: ThreadKey) -> int:
        """Id of a thread."""
        return self.threads.setdefault((key[0], self.string(key[1])), len(self.threads))

    def build(self, samples: SampleTable, links: LinkTable, facts: RecordingFacts) -> Recording:
        """The recording that has these tables."""
        frames = list(zip(*self.frames)) or [()] * 7
        locations = list(zip(*self.locations)) or [()] * 4
        parents, above = zip(*self.stacks)
        above = (0, *(location - 1 for location in above[1:]))
        idents, names = zip(*self.threads) if self.threads else ((), ())
        return Recording(
            strings=tuple(self.strings),
            frames=FrameTable(*(array(code, column) for code, column in zip("IIIIIBB", frames))),
            locations=LocationTable(*(array("I", column) for column in locations)),
            stacks=StackTable(array("I", parents), array("I", above)),
            samples=samples,
            threads=ThreadTable(array("Q", idents), array("I", names)),
            links=links,
            facts=facts,
        )


class NewIds:
    """The new ids of one recording's rows."""

    __slots__ = ("_frames", "_locations", "_stacks", "_tables", "_threads", "recording")

    def __init__(self, recording: Recording, tables: CombinedTables) -> None:
        self.recording = recording
        self._tables = tables
        self._frames: dict[int, int] = {}
        self._locations: dict[int, int] = {}
        self._stacks: dict[int, int] = {0: 0}
        self._threads: dict[int, int] = {}

    def thread(self, old: int) -> int:
        """New id of a thread."""
        found = self._threads.get(old)
        if found is None:
            found = self._threads[old] = self._tables.thread(thread_key(self.recording, old))
        return found

    def stack(self, old: int) -> int:
        """New id of a stack."""
        known = self._stacks
        found = known.get(old)
        if found is not None:
            return found
        parents, locations = self.recording.stacks
        path = []
        while old not in known:
            path.append(old)
            old = parents[old]
        found = known[old]
        table = self._tables.stacks
        for row in reversed(path):
            # (0, 0) is taken by the empty stack, so locations count from 1 until the end.
            key = (found, self._location(locations[row]) + 1)
            found = known[row] = table.setdefault(key, len(table))
        return found

    def _location(self, old: int) -> int:
        found = self._locations.get(old)
        if found is None:
            table = self.recording.locations
            key = (
                self._frame(table.frame[old]),
                table.line[old],
                table.column[old],
                table.end_column[old],
            )
            locations = self._tables.locations
            found = self._locations[old] = locations.setdefault(key, len(locations))
        return found

    def _frame(self, old: int) -> int:
        found = self._frames.get(old)
        if found is None:
            table, strings = self.recording.frames, self.recording.strings
            string = self._tables.string
            row = _FrameRow(
                function=string(strings[table.function[old]]),
                qualname=string(strings[table.qualname[old]]),
                file=string(strings[table.file[old]]),
                first_line=table.first_line[old],
                class_name=string(strings[table.class_name[old]]),
                kind=table.kind[old],
                hidden=table.hidden[old],
            )
            frames = self._tables.frames
            found = self._frames[old] = frames.setdefault(row, len(frames))
        return found
