"""Functions: what nodes of a call tree merge on, made once from a recording's frame table.

Two frames are the same function when name, file and first line agree, and the class too where the
file says nothing; what else they say is gathered here, so that nodes need only point at it.
"""

from __future__ import annotations

from typing import Mapping, Tuple

from pyinstrument_sampler.recording import FrameKind, Recording

from .application_code import ApplicationCode, inherits_from_caller
from .path_shortening import PathShortener

FunctionKey = Tuple[str, str, int]

SELF = "[self]"
ROOT = "[root]"
AWAIT = "[await]"
OUT_OF_CONTEXT = "[out-of-context]"
THREAD_FILE = "<thread>"
_ONE_TEXT = ("<frozen ", "<ipython-input-", "<python-input-")
"""What names like files begin with that stand for one text each: a line of it is one function."""


class PathRules:
    """How a session shortens paths and tells application code."""

    __slots__ = ("application_code", "shortener")

    def __init__(self, shortener: PathShortener, application_code: ApplicationCode) -> None:
        self.shortener = shortener
        self.application_code = application_code


class Function:
    """What ran: a Python function, a native one, or a synthetic stand-in like ``[self]``.

    Immutable. Functions of one session are one object each; across sessions compare ``key``.
    ``class_names`` are all it was recorded with (``""``: none), None where that is unknown.
    """

    __slots__ = (
        "_rules",
        "class_names",
        "file",
        "first_line",
        "hidden",
        "key",
        "kind",
        "name",
        "qualname",
    )

    def __init__(
        self,
        name: str,
        file: str,
        first_line: int,
        rules: PathRules,
        *,
        kind: FrameKind = FrameKind.PYTHON,
        qualname: str = "",
        hidden: bool = False,
        class_names: tuple[str, ...] | None = None,
    ) -> None:
        self.name = name
        self.file = file
        self.first_line = first_line
        self.kind = kind
        self.qualname = qualname
        self.hidden = hidden
        self.class_names = class_names
        only_class = class_names[0] if class_names and len(class_names) == 1 else ""
        self.key = function_key(name, qualname, file, first_line, kind, only_class)
        self._rules = rules

    @property
    def identifier(self) -> str:
        """Name, file and line in one string; synthetic functions are their name alone. Generated
        functions of several classes share it, unlike :attr:`key`."""
        if not self.file:
            return self.name
        return f"{self.name}\0{self.file}\0{self.first_line}"

    @property
    def is_synthetic(self) -> bool:
        """No function at all: ``[self]``, ``[root]``, a thread …"""
        return self.kind is FrameKind.SYNTHETIC

    @property
    def short_file(self) -> str:
        """The file relative to the ``sys.path`` entry that leaves the fewest components."""
        return self._rules.shortener.shorten(self.file) if self.file else ""

    @property
    def has_several_classes(self) -> bool:
        """Whether only the samples can tell which class it was."""
        return self.class_names is None or len(self.class_names) > 1

    def main_class(self, class_ns: Mapping[str, int]) -> str | None:
        """The class that most time was spent with; None without one. *class_ns*, nanoseconds by
        class, may be empty unless it :attr:`has_several_classes`."""
        if self.class_names is not None and len(self.class_names) == 1:
            return self.class_names[0] or None
        return min(class_ns, key=lambda name: (-class_ns[name], name), default=None)

    @property
    def is_application_code(self) -> bool | None:
        """None: as its caller is (code run from a string)."""
        if self.kind is not FrameKind.PYTHON:
            return False
        if inherits_from_caller(self.file):
            return None
        return self._rules.application_code.is_application_file(self.file)


def function_key(
    name: str, qualname: str, file: str, first_line: int, kind: int, class_name: str
) -> FunctionKey:
    """What two frames of one function agree in.

    Native functions have no file of their own, so that theirs is the name with its module:
    ``zlib.compress`` is not ``bz2.compress``. Nor has generated code, like each dataclass's
    ``__init__`` in line 2 of ``<string>``: the name has its class.
    """
    if kind == FrameKind.NATIVE and qualname:
        return qualname, file, first_line
    if class_name and kind == FrameKind.PYTHON and _may_be_many_texts(file):
        return f"{class_name}.{name}", file, first_line
    return name, file, first_line


def _may_be_many_texts(file: str) -> bool:
    return file.startswith("<") and not file.startswith(_ONE_TEXT)


def thread_title(name: str, ident: int) -> str:
    """What a thread is called in a tree."""
    return name or f"Thread {ident}"


class FunctionTable:
    """The functions of one recording, and which one each row of its tables stands for."""

    __slots__ = ("class_of_location", "functions", "line_of_location", "of_location", "rules")

    def __init__(self, recording: Recording, rules: PathRules) -> None:
        self.rules = rules
        self.functions: list[Function] = []
        of_frame, classes = self._read_frames(recording)
        frames = recording.locations.frame
        self.of_location: list[int] = [of_frame[frame] for frame in frames]
        self.class_of_location: list[str] = [classes[frame] for frame in frames]
        self.line_of_location: list[int] = recording.locations.line.tolist()

    def _read_frames(self, recording: Recording) -> tuple[list[int], list[str]]:
        table, strings = recording.frames, recording.strings
        ids: dict[FunctionKey, int] = {}
        first_frame: list[int] = []
        hidden: list[bool] = []
        class_names: list[dict[str, None]] = []
        of_frame: list[int] = []
        classes = [strings[class_name] for class_name in table.class_name]
        rows = zip(*table[:4], table.kind, table.hidden)
        for frame, (name, qualname, file, line, kind, is_hidden) in enumerate(rows):
            key = function_key(
                strings[name], strings[qualname], strings[file], line, kind, classes[frame]
            )
            found = ids.get(key)
            if found is None:
                found = ids[key] = len(first_frame)
                first_frame.append(frame)
                hidden.append(False)
                class_names.append({})
            of_frame.append(found)
            class_names[found][classes[frame]] = None
            if is_hidden:
                hidden[found] = True
        for frame, any_hidden, names in zip(first_frame, hidden, class_names):
            self.functions.append(
                Function(
                    strings[table.function[frame]],
                    strings[table.file[frame]],
                    table.first_line[frame],
                    self.rules,
                    kind=FrameKind(table.kind[frame]),
                    qualname=strings[table.qualname[frame]],
                    hidden=any_hidden,
                    class_names=tuple(names),
                )
            )
        return of_frame, classes

    def add_thread(self, name: str, ident: int) -> int:
        """Adds a stand-in for a thread; returns a location that means it."""
        self.functions.append(
            Function(
                thread_title(name, ident),
                THREAD_FILE,
                ident,
                self.rules,
                kind=FrameKind.SYNTHETIC,
            )
        )
        self.of_location.append(len(self.functions) - 1)
        self.class_of_location.append("")
        self.line_of_location.append(0)
        return len(self.of_location) - 1
