"""The JSON sessions of pyinstrument 4 and 5: opens them, and writes sessions as they were.

A frame was a text there: ``function NUL file NUL line``, then marks, each after ``\\x01``: ``c``
class name, ``l`` current line, ``h1`` hidden. The first frame of a stack is its thread.
"""

from __future__ import annotations

import json
import math
from typing import Any, Mapping, Sequence

from pyinstrument_sampler.recording import (
    BUILT_IN_FILE,
    FrameKind,
    Location,
    RecordingFacts,
    SampleState,
)
from pyinstrument_sampler.recording_builder import RecordingBuilder

from .errors import SessionFileError
from .functions import AWAIT, OUT_OF_CONTEXT, THREAD_FILE
from .session import Session

_STATES = {AWAIT: SampleState.AWAITED, OUT_OF_CONTEXT: SampleState.OUT_OF_CONTEXT}
_DEFAULT_INTERVAL = 0.001
_LARGEST_ID = (1 << 64) - 1
_LARGEST_LINE = (1 << 32) - 1
_LARGEST_SECONDS = 1e9
_SAVE_A_SESSION = "save a session with -o name.pyisession (or Session.save) and open that"


def open_foreign_content(content: bytes, name: str) -> Session:
    """Opens what is no session file of ours: an older JSON session, or nothing that can be
    opened, which raises :class:`SessionFileError` that says what it looks like."""
    start = content[:512].lstrip()
    if not start:
        raise SessionFileError(f"{name}: the file is empty; {_SAVE_A_SESSION}")
    if start[:1] == b"{":
        try:
            fields = json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError):
            fields = None
        if isinstance(fields, dict):
            return session_from_legacy(fields, name)
    looks_like = _looks_like(start)
    raise SessionFileError(f"{name}: {looks_like}, which cannot be loaded; {_SAVE_A_SESSION}")


def _looks_like(start: bytes) -> str:
    if start[:1] == b"<":
        return "this is an HTML file (perhaps a report, -r html)"
    if start[:1] == b"{" and b'"' in start[:8]:
        return "this is damaged or incomplete JSON"
    return "this is no session file"


def session_from_legacy(fields: Mapping[str, Any], name: str) -> Session:
    """A session from a JSON object; *name* is what errors call it.

    Raises :class:`SessionFileError` for anything that is not such a session.
    """
    if "root_frame" in fields:
        raise SessionFileError(
            f"{name}: this is a JSON report (-r json), which cannot be loaded; {_SAVE_A_SESSION}"
        )
    if "speedscope" in str(fields.get("$schema", "")):
        raise SessionFileError(
            f"{name}: this is a speedscope file (-r speedscope), which cannot be loaded; "
            f"{_SAVE_A_SESSION}"
        )
    if "frame_records" not in fields:
        raise SessionFileError(
            f"{name}: this JSON is no session of pyinstrument; {_SAVE_A_SESSION}"
        )
    try:
        try:
            return _LegacyReader(fields).session()
        except OverflowError:
            raise _Fault("its times add up to centuries") from None
    except _Fault as fault:
        raise SessionFileError(
            f"{name}: a damaged session file of pyinstrument 4 or 5: {fault}; record it again"
        ) from None


class _Fault(Exception):
    """What is wrong with an old session, as half a sentence."""


class _LegacyReader:
    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._builder = RecordingBuilder()
        self._threads: dict[tuple[int, str], int] = {}
        self._locations: dict[str, int] = {}

    def session(self) -> Session:
        fields = self._fields
        stem = self._stem()
        records = fields["frame_records"]
        if not isinstance(records, list):
            raise _Fault("its frame_records are no list")
        for record in records:
            self._read_record(record)
        intervals = [
            _seconds_to_ns(fields.get(name, _DEFAULT_INTERVAL), name)
            for name in ("min_interval", "max_interval")
        ]
        program = fields.get("program", "")
        title = fields.get("target_description", f"Program: {program}" if program else "")
        facts = RecordingFacts(
            engine="setprofile",
            engine_reason="setprofile is what pyinstrument 4 and 5 record with",
            async_mode="",
            interval_ns=intervals[0],
            start_time_ns=_seconds_to_ns(fields.get("start_time", 0), "start_time", math.inf),
            duration_ns=_seconds_to_ns(fields.get("duration", 0), "duration"),
            process_cpu_ns=_seconds_to_ns(fields.get("cpu_time", 0), "cpu_time"),
            sample_count=_count(fields.get("sample_count", len(records))),
            ticks_asked=0,
            ticks_late=0,
            own_cpu_ns=0,
            clock="monotonic",
            cpu_clock="",
            stem=stem,
            argv=(),
            python="",
            platform="",
            sampler_version="",
            pid=0,
        )
        return Session(
            self._builder.build(facts),
            _text(title, "target_description"),
            sys_path=_texts(fields.get("sys_path", []), "sys_path"),
            sys_prefixes=_texts(fields.get("sys_prefixes", []), "sys_prefixes"),
            max_interval_ns=intervals[1],
        )

    def _stem(self) -> int:
        marks = _texts(self._fields.get("start_call_stack", []), "start_call_stack")
        # First, so that the thread that started is thread 0.
        self._thread(marks)
        return self._stack([mark for mark in marks if not _is_thread(mark)])[0]

    def _read_record(self, record: Any) -> None:
        if not isinstance(record, list) or len(record) != 2:
            raise _Fault(f"{record!r:.80} is no pair of stack and seconds")
        marks = _texts(record[0], "a stack")
        stack, state = self._stack([mark for mark in marks if not _is_thread(mark)])
        self._builder.add_sample(
            stack,
            _seconds_to_ns(record[1], "a sample's time"),
            thread=self._thread(marks),
            state=state,
        )

    def _thread(self, marks: Sequence[str]) -> int:
        name, ident = "", 0
        if marks and _is_thread(marks[0]):
            name, _, number = marks[0].split("\x01")[0].split("\0")
            ident = _number(number, _LARGEST_ID, "a thread's number")
        known = self._threads.get((ident, name))
        if known is None:
            known = self._threads[ident, name] = self._builder.thread(ident, name)
        return known

    def _stack(self, marks: Sequence[str]) -> tuple[int, SampleState]:
        builder = self._builder
        stack, state = 0, SampleState.RUNNING
        for mark in marks:
            location = self._locations.get(mark)
            if location is None:
                location = self._locations[mark] = self._location(mark)
            stack = builder.stack(stack, location)
            state = _STATES.get(mark, state)
        return stack, state

    def _location(self, mark: str) -> int:
        builder = self._builder
        identifier, *attributes = mark.split("\x01")
        parts = identifier.split("\0")
        if len(parts) == 1:
            return builder.location(builder.synthetic_frame(identifier))
        if len(parts) != 3:
            raise _Fault(f"{mark!r:.80} is no frame")
        function, file, first_line = parts
        class_name, line, hidden = "", 0, False
        for attribute in attributes:
            if attribute.startswith("c"):
                class_name = attribute[1:]
            elif attribute.startswith("l"):
                line = _number(attribute[1:], _LARGEST_LINE, "a line")
            elif attribute == "h1":
                hidden = True
        frame = builder.frame(
            function,
            file,
            _number(first_line, _LARGEST_LINE, "a line"),
            class_name=class_name,
            kind=FrameKind.NATIVE if file == BUILT_IN_FILE else FrameKind.PYTHON,
            hidden=hidden,
        )
        return builder.location(frame, line)


def _is_thread(mark: str) -> bool:
    parts = mark.split("\x01")[0].split("\0")
    return len(parts) == 3 and parts[1] == THREAD_FILE


def _number(text: str, limit: int, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20 and int(text) <= limit):
        raise _Fault(f"{what} is {text!r:.80}")
    return int(text)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 62:
        raise _Fault(f"its sample_count is {value!r:.80}")
    return value


def _seconds_to_ns(value: Any, what: str, limit: float = _LARGEST_SECONDS) -> int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 0 <= value <= min(limit, 9e9):
            return round(value * 1_000_000_000)
    raise _Fault(f"{what} is {value!r:.80}, no number of seconds")


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise _Fault(f"{what} is {value!r:.80}, no text")
    return value


def _texts(value: Any, what: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _Fault(f"{what} is no list of texts")
    return value


def session_to_legacy(session: Session, *, include_frame_records: bool = True) -> dict[str, Any]:
    """The session as pyinstrument 5 saved it. Samples' CPU time and columns have no place there."""
    recording = session.recording
    fields: dict[str, Any] = {
        "start_time": session.start_time,
        "duration": session.duration,
        "min_interval": session.min_interval,
        "max_interval": session.max_interval,
        "sample_count": session.sample_count,
        "start_call_stack": session.start_call_stack,
        "target_description": session.target_description,
        "cpu_time": session.cpu_time,
        "sys_path": list(session.sys_path),
        "sys_prefixes": list(session.sys_prefixes),
    }
    if include_frame_records:
        threads = [
            f"{recording.thread_name(thread) or ''}\0{THREAD_FILE}\0{ident}"
            for thread, ident in enumerate(recording.threads.ident)
        ]
        stacks: dict[int, list[str]] = {}
        records = []
        for sample in recording.iter_samples():
            marks: list[str] | None = stacks.get(sample.stack)
            if marks is None:
                marks = stacks[sample.stack] = [
                    _mark(location) for location in recording.stack(sample.stack)
                ]
            records.append([[threads[sample.thread], *marks], sample.duration_ns / 1e9])
        fields["frame_records"] = records
    return fields


def _mark(location: Location) -> str:
    frame = location.frame
    if frame.kind is FrameKind.SYNTHETIC:
        return frame.function
    mark = f"{frame.function}\0{frame.file}\0{frame.first_line}"
    if frame.class_name:
        mark += f"\x01c{frame.class_name}"
    if location.line:
        mark += f"\x01l{location.line}"
    if frame.hidden:
        mark += "\x01h1"
    return mark
