"""https://github.com/firefox-devtools/profiler/blob/main/docs-developer/processed-profile-format.md:
the processed format of the Firefox Profiler (https://profiler.firefox.com), which has weights.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Iterator, Sequence

from .tool_renderer import ToolRenderer

if TYPE_CHECKING:
    from pyinstrument_model.functions import Function
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex

    from .thread_stacks import ThreadStacks

_PROCESSED_VERSION = 58
_GECKO_VERSION = 31

_OTHER, _APPLICATION, _LIBRARY, _BUILT_IN, _WAITING = range(5)
_CATEGORIES = [
    {"name": name, "color": color, "subcategories": ["Other"]}
    for name, color in (
        ("Other", "grey"),
        ("Application", "yellow"),
        ("Library", "blue"),
        ("Built-in", "orange"),
        ("Waiting", "transparent"),
    )
]
"""In the order of the numbers above; the first grey one is the default."""


class GeckoRenderer(ToolRenderer[str]):
    """All samples in the order of time with the lines of their stacks, a track a thread.

    Samples weigh as long as they lasted. CPU time, where recorded, is the height of the track.
    """

    output_file_extension = "gecko.json"

    def parts(self, session: Session) -> Iterator[str]:
        from .thread_stacks import no_stacks, thread_stacks

        functions = _Functions(session.stack_index)
        yield f'{{"meta":{_json(_meta(session))},"libs":[],"shared":{{"stringArray":'
        yield f'{_json(functions.strings)},"sources":{_json(functions.sources())}}},"threads":['
        separator = ""
        for stacks in thread_stacks(session, show_all=self.show_all, lines=True):
            yield separator
            yield from _thread(session, stacks, functions, is_first=not separator)
            separator = ","
        if not separator:  # a file without a thread does not open
            yield from _thread(session, no_stacks(), functions, is_first=True)
        yield "]}"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _milliseconds(time_ns: int) -> float:
    return time_ns / 1e6


def _meta(session: Session) -> dict[str, Any]:
    facts = session.facts
    return {
        "version": _GECKO_VERSION,
        "preprocessedProfileVersion": _PROCESSED_VERSION,
        "product": session.target_description or "Python",
        "importedFrom": "pyinstrument",
        "interval": _milliseconds(facts.interval_ns),
        "startTime": facts.start_time_ns // 10**6,
        "profilingStartTime": 0,
        "profilingEndTime": _milliseconds(facts.duration_ns),
        "processType": 0,
        "stackwalk": 0,
        "debug": False,
        "abi": facts.python,
        "oscpu": facts.platform,
        "categories": _CATEGORIES,
        "markerSchema": [],
        "sampleUnits": {"time": "ms", "eventDelay": "ms", "threadCPUDelta": "ns"},
        "symbolicated": True,
        "symbolicationNotSupported": True,
        "usesOnlyOneStackType": True,
        "sourceCodeIsNotOnSearchfox": True,
    }


class _Functions:
    """What tables of all threads refer to: strings, files, and each function's columns."""

    def __init__(self, index: StackIndex) -> None:
        from .function_names import function_names

        numbers: dict[str, int] = {}
        files: dict[str, int] = {}
        self.names: list[int] = []
        self.files: list[int | None] = []
        for name, code in zip(function_names(index), index.functions.functions):
            self.names.append(numbers.setdefault(name, len(numbers)))
            has_file = code.kind.name == "PYTHON"
            self.files.append(files.setdefault(code.file, len(files)) if has_file else None)
        self.lines = [code.first_line or None for code in index.functions.functions]
        self.categories = [_category(code) for code in index.functions.functions]
        self._file_names = [numbers.setdefault(file, len(numbers)) for file in files]
        self.strings = list(numbers)

    def sources(self) -> dict[str, Any]:
        """The table of files."""
        count = len(self._file_names)
        return {"length": count, "uuid": [None] * count, "filename": self._file_names}


def _category(code: Function) -> int | None:
    if code.kind.name == "NATIVE":
        return _BUILT_IN
    if code.kind.name == "SYNTHETIC":
        return _WAITING
    is_application = code.is_application_code
    if is_application is None:  # as its caller is
        return None
    return _APPLICATION if is_application else _LIBRARY


def _thread(
    session: Session, stacks: ThreadStacks, functions: _Functions, *, is_first: bool
) -> Iterator[str]:
    """A thread with tables of its own; only what its stacks refer to is in them."""
    index = session.stack_index
    locations = sorted(set(stacks.entry[1:]))
    of_location = index.functions.of_location
    own_functions = sorted({of_location[location] for location in locations})
    frame_of = dict(zip(locations, range(len(locations))))
    about: dict[str, Any] = {
        "name": stacks.name,
        "isMainThread": is_first,
        "processType": "default",
        "processName": session.target_description or "Python",
        "processStartupTime": 0,
        "processShutdownTime": None,
        "registerTime": 0,
        "unregisterTime": None,
        "pausedRanges": [],
        "pid": str(session.facts.pid),
        "tid": stacks.ident,
        "markers": _table(0, data=[], name=[], startTime=[], endTime=[], phase=[], category=[]),
        "resourceTable": _table(0, lib=[], name=[], host=[], type=[]),
        "nativeSymbols": _table(0, libIndex=[], address=[], name=[], functionSize=[]),
        "funcTable": _function_table(functions, own_functions),
        "frameTable": _frame_table(session, functions, locations, own_functions),
    }
    yield _json(about)[:-1]
    count = len(stacks.parent) - 1
    yield f',"stackTable":{{"length":{count},"frame":'
    yield _json([frame_of[location] for location in stacks.entry[1:]])
    yield ',"prefix":'
    yield _json([above - 1 if above else None for above in stacks.parent[1:]])
    yield f'}},"samples":{_json(_samples(session, stacks))}}}'


def _table(length: int, **columns: Sequence[Any]) -> dict[str, Any]:
    return {"length": length, **columns}


def _function_table(functions: _Functions, own: Sequence[int]) -> dict[str, Any]:
    count = len(own)
    return _table(
        count,
        name=[functions.names[function] for function in own],
        source=[functions.files[function] for function in own],
        lineNumber=[functions.lines[function] for function in own],
        columnNumber=[None] * count,
        isJS=[False] * count,
        relevantForJS=[False] * count,
        resource=[-1] * count,
    )


def _frame_table(
    session: Session, functions: _Functions, locations: Sequence[int], own: Sequence[int]
) -> dict[str, Any]:
    table = session.recording.locations
    of_location = session.stack_index.functions.of_location
    place_of = dict(zip(own, range(len(own))))
    categories = [functions.categories[of_location[location]] for location in locations]
    count = len(locations)
    return _table(
        count,
        func=[place_of[of_location[location]] for location in locations],
        line=[table.line[location] or None for location in locations],
        column=[table.column[location] or None for location in locations],
        category=categories,
        subcategory=[None if category is None else 0 for category in categories],
        address=[-1] * count,
        inlineDepth=[0] * count,
        nativeSymbol=[None] * count,
        innerWindowID=[0] * count,
    )


def _samples(session: Session, stacks: ThreadStacks) -> dict[str, Any]:
    """The table of a thread's samples. One more ends each stretch: the profiler shows a sample
    until the next, and CPU time stands beside the sample that comes after it."""
    index = session.stack_index
    nodes: list[int | None] = []
    times: list[float] = []
    weights: list[float] = []
    cpu_before: list[int] = []
    now = cpu_ns = 0

    def add(node: int, time_ns: int, spent: int) -> None:
        nodes.append(node - 1 if node else None)
        times.append(_milliseconds(time_ns))
        weights.append(_milliseconds(spent))
        cpu_before.append(cpu_ns)

    starts = stacks.column(index.sample_column("start_ns"))
    cpu_column = stacks.column(index.sample_cpu_ns)
    for node, start, spent, cpu in zip(stacks.sample_node, starts, stacks.sample_ns, cpu_column):
        if start > now:
            add(0, now, 0)
            cpu_ns = 0
        add(node, start, spent)
        now, cpu_ns = start + spent, cpu
    add(0, now, 0)
    columns: dict[str, list[Any]] = {"stack": nodes, "time": times, "weight": weights}
    if session.facts.cpu_clock:
        columns["threadCPUDelta"] = cpu_before
    return {**_table(len(nodes), **columns), "weightType": "tracing-ms"}
