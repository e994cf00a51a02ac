"""Reads the formats for other tools back into one shape: thread and functions → nanoseconds.

Written from the formats' specifications, apart from the code that writes them.
"""

from __future__ import annotations

import gzip
import json
from array import array
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple, Union

from pyinstrument_model import CallNode, Session
from pyinstrument_model.processors import (
    aggregate_repeated_calls,
    merge_consecutive_self_time,
    remove_first_pyinstrument_frames_processor,
    remove_importlib,
    remove_tracebackhide,
)
from pyinstrument_renderers.function_names import function_labels, function_names

Stacks = Dict[Tuple[str, ...], int]
"""The first name is the thread's; nanoseconds with exactly this stack."""
Fields = Dict[int, List[Union[int, bytes]]]
"""A protobuf message: what each field has, in order."""


def add(found: Stacks, stack: tuple[str, ...], spent: int) -> None:
    if spent:
        found[stack] = found.get(stack, 0) + spent


def expected_stacks(
    session: Session, *, labels: bool = False, show_all: bool = True, clock: str = "wall"
) -> Stacks:
    """What every format should hold, read from the call tree; *labels* have files and lines.

    Where there is one thread, its name is left out.
    """
    index = session.stack_index_of(clock)
    said = (function_labels if labels else function_names)(index)
    name_of = {code.key: name for code, name in zip(index.functions.functions, said)}
    threads = thread_names(session)
    skips = [] if show_all else [remove_importlib, remove_tracebackhide]
    tree = session.call_tree(
        [
            *skips,
            merge_consecutive_self_time,
            aggregate_repeated_calls,
            remove_first_pyinstrument_frames_processor,
        ],
        clock=clock,
    )
    found: Stacks = {}
    for root in tree.roots:
        thread = (threads[root.line_no or 0],) if root.is_thread else ("",)
        is_call = not root.is_thread and root.function != "[root]"
        first = (*thread, name_of[root.code.key]) if is_call else thread
        waiting: list[tuple[CallNode, tuple[str, ...]]] = [(root, first)]
        while waiting:
            node, path = waiting.pop()
            add(found, path, node.self_ns)
            for child in node.children:
                if child.function != "[self]":
                    waiting.append((child, (*path, name_of[child.code.key])))
    return found


def thread_names(session: Session) -> dict[int, str]:
    """By ident, of threads with time; those of one name are told apart by the ident."""
    roots = session.call_tree([]).roots
    names = [root.function for root in roots]
    return {
        root.line_no or 0: root.function
        if names.count(root.function) == 1
        else f"{root.function} (thread {root.line_no})"
        for root in roots
        if root.is_thread
    }


def without_empty(stacks: Stacks) -> Stacks:
    """Without time outside of all calls, which some formats cannot tell from a pause."""
    return {stack: spent for stack, spent in stacks.items() if len(stack) > 1}


def one_thread(stacks: Stacks) -> Stacks:
    """With the name of the only thread left out, as :func:`expected_stacks` has it."""
    return {("", *stack[1:]): spent for stack, spent in stacks.items()}


def in_microseconds(session: Session) -> Session:
    """The session with times a thousand times as long: whole microseconds."""
    samples = session.recording.samples
    longer = {
        name: array("q", [1000 * value for value in getattr(samples, name)])
        for name in ("start_ns", "duration_ns", "cpu_ns")
    }
    changed = session.recording._replace(samples=samples._replace(**longer))
    return Session(
        changed,
        session.target_description,
        sys_path=session.sys_path,
        sys_prefixes=session.sys_prefixes,
    )


def read_collapsed(text: str) -> Stacks:
    found: Stacks = {}
    for line in text.splitlines():
        words, _, spent = line.rpartition(" ")
        add(found, tuple(words.split(";")), int(spent))
    return found


def read_speedscope(text: str) -> Stacks:
    content = json.loads(text)
    names = [frame["name"] for frame in content["shared"]["frames"]]
    found: Stacks = {}
    for profile in content["profiles"]:
        assert len(profile["samples"]) == len(profile["weights"])
        assert sum(profile["weights"]) == profile["endValue"] - profile["startValue"]
        for stack, weight in zip(profile["samples"], profile["weights"]):
            add(found, (profile["name"], *(names[frame] for frame in stack)), weight)
    return found


class Slice(NamedTuple):
    name: str
    begin: int
    end: int


def read_chrome_trace(text: str) -> Stacks:
    """Whole microseconds."""
    events = json.loads(text)["traceEvents"]
    threads = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    found: Stacks = {}
    for tid, thread in threads.items():
        slices = [e for e in events if e["ph"] == "X" and e["tid"] == tid]
        open_slices: list[Slice] = []
        for event in slices:
            begin, spent = event["ts"], event["dur"]
            while open_slices and open_slices[-1].end <= begin:
                open_slices.pop()
            path = (thread, *(outer.name for outer in open_slices))
            if open_slices:
                assert begin + spent <= open_slices[-1].end
                found[path] -= spent * 1000
            open_slices.append(Slice(event["name"], begin, begin + spent))
            path = (*path, event["name"])
            found[path] = found.get(path, 0) + spent * 1000
    return {stack: spent for stack, spent in found.items() if spent}


def read_gecko(text: str) -> Stacks:
    content = json.loads(text)
    strings = content["shared"]["stringArray"]
    found: Stacks = {}
    for thread in content["threads"]:
        for table in ("stackTable", "frameTable", "funcTable", "samples", "markers"):
            for column in thread[table].values():
                assert not isinstance(column, list) or len(column) == thread[table]["length"]
        stacks, frames, functions = thread["stackTable"], thread["frameTable"], thread["funcTable"]
        paths: list[tuple[str, ...]] = []
        for frame, prefix in zip(stacks["frame"], stacks["prefix"]):
            name = strings[functions["name"][frames["func"][frame]]]
            paths.append((*(() if prefix is None else paths[prefix]), name))
        samples = thread["samples"]
        assert samples["time"] == sorted(samples["time"])
        for stack, weight in zip(samples["stack"], samples["weight"]):
            path = () if stack is None else paths[stack]
            add(found, (thread["name"], *path), round(weight * 1e6))
    return found


def fields(message: bytes) -> Fields:
    """A protobuf message with numbers and bytes."""
    found: Fields = {}
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        value: int | bytes
        value, place = _varint(message, place)
        if tag & 7 == 2:
            place, start = place + value, place
            value = message[start:place]
        else:
            assert tag & 7 == 0
        found.setdefault(tag >> 3, []).append(value)
    return found


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place


def _varints(packed: bytes) -> Iterator[int]:
    place = 0
    while place < len(packed):
        value, place = _varint(packed, place)
        yield value


class PprofSample(NamedTuple):
    stack: tuple[tuple[str, str, int, int], ...]
    """Function, file, line of the ``def``, line; outermost first."""
    values: dict[str, int]
    labels: dict[str, str]


def pprof_samples(content: bytes) -> list[PprofSample]:
    profile = fields(gzip.decompress(content))

    def messages(field: int) -> list[Fields]:
        return [fields(bytes(part)) for part in profile.get(field, [])]

    def number(message: Fields, field: int) -> Any:
        return message.get(field, [0])[0]

    texts = [bytes(text).decode() for text in profile[6]]
    functions = {
        number(f, 1): (texts[number(f, 2)], texts[number(f, 4)], number(f, 5)) for f in messages(5)
    }
    places = {}
    for location in messages(4):
        line = fields(number(location, 4))
        places[number(location, 1)] = (*functions[number(line, 1)], number(line, 2))
    kinds = [f"{texts[number(t, 1)]}/{texts[number(t, 2)]}" for t in messages(1)]
    found = []
    for sample in messages(2):
        labels = [fields(bytes(label)) for label in sample.get(3, [])]
        found.append(
            PprofSample(
                tuple(places[place] for place in _varints(number(sample, 1)))[::-1],
                dict(zip(kinds, _varints(number(sample, 2)))),
                {texts[number(label, 1)]: texts[number(label, 2)] for label in labels},
            )
        )
    return found


def read_pprof(content: bytes) -> Stacks:
    found: Stacks = {}
    for sample in pprof_samples(content):
        names = [place[0] for place in sample.stack]
        path = () if names == ["[root]"] else tuple(names)
        add(found, (sample.labels["thread"], *path), sample.values["wall/nanoseconds"])
    return found


READERS: dict[str, Callable[[Any], Stacks]] = {
    "speedscope": read_speedscope,
    "pprof": read_pprof,
    "gecko": read_gecko,
    "chrome-trace": read_chrome_trace,
}
"""Of the formats that always name the thread."""
