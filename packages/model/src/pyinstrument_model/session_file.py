"""Session files, format 1: magic, version, then gzip of a JSON header and raw columns.

``docs/reference/session-file.md`` describes every byte. The viewer in a HTML report reads the same.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from typing import Any, NamedTuple

from pyinstrument_sampler.recording import (
    FrameTable,
    IntColumn,
    LinkTable,
    LocationTable,
    Recording,
    RecordingFacts,
    SampleTable,
    StackTable,
    ThreadTable,
)

from .column_encodings import decode_column, encode_column
from .errors import SessionFileError
from .recording_checks import check_recording
from .session import Session
from .session_upgrades import upgrade_header

MAGIC = b"pyisess\n"
FORMAT_VERSION = 1
_PRELUDE = struct.Struct("<8sI")
_HEADER_LENGTH = struct.Struct("<I")
_GZIP = 31
"""zlib's ``wbits`` for a gzip stream; made this way it carries no time and no file name."""
_LEVEL = 6
UNPACKED_AT_LEAST = 256 << 20
UNPACKED_PER_BYTE = 100
"""A file may unpack to 256 MiB, and to 100 bytes a byte where that is more: a bound for what is no
recording. Real ones unpack to about ten a byte; seven million samples that are all alike fit in
the 256 MiB."""
_CODES = {"u8": "B", "u32": "I", "u64": "Q", "i64": "q"}
_TYPES = {code: name for name, code in _CODES.items()}
_INT_FACTS = frozenset(
    name
    for name, kind in RecordingFacts.__annotations__.items()
    if getattr(kind, "__forward_arg__", kind) in ("int", int)
)
_LIST_FACTS = frozenset({"argv", "notes"})


class ColumnSpec(NamedTuple):
    """A column of the file: where it belongs and how its numbers are written."""

    table: str
    name: str
    code: str
    encoding: str
    """``""``: as they are; ``"distance"`` and ``"gap"``: see ``column_encodings``."""


def _columns(table: str, names: tuple[str, ...], codes: str) -> list[ColumnSpec]:
    special = {("stacks", "parent"): "distance", ("samples", "start_ns"): "gap"}
    return [
        ColumnSpec(table, name, code, special.get((table, name), ""))
        for name, code in zip(names, codes)
    ]


COLUMNS = [
    *_columns("frames", FrameTable._fields, "IIIIIBB"),
    *_columns("locations", LocationTable._fields, "IIII"),
    *_columns("stacks", StackTable._fields, "II"),
    # duration_ns and thread come before start_ns, which is written relative to them.
    *_columns("samples", ("stack", "duration_ns", "thread", "start_ns"), "IqIq"),
    *_columns("samples", ("ticks", "cpu_ns", "state"), "IqB"),
    *_columns("threads", ThreadTable._fields, "QI"),
    *_columns("links", LinkTable._fields, "IIIq"),
]


def session_to_bytes(session: Session) -> bytes:
    """The content of a session file."""
    recording = session.recording
    entries = []
    blocks = []
    for spec in COLUMNS:
        column = getattr(getattr(recording, spec.table), spec.name)
        raw = _little_endian(encode_column(spec.encoding, column, recording)).tobytes()
        entry = {
            "name": f"{spec.table}.{spec.name}",
            "type": _TYPES[spec.code],
            "length": len(column),
        }
        if spec.encoding:
            entry["encoding"] = spec.encoding
        entries.append(entry)
        blocks.append(raw)
    header = {
        "strings": recording.strings,
        "facts": recording.facts._asdict(),
        "session": {
            "target_description": session.target_description,
            "sys_path": session.sys_path,
            "sys_prefixes": session.sys_prefixes,
            "max_interval_ns": session.max_interval_ns,
            "sources": {
                file: {str(line): text for line, text in lines.items()}
                for file, lines in session.sources.items()
            },
            # Only where it says something: files are to be the same as ever.
            **({} if session.may_have_sources else {"may_have_sources": False}),
        },
        "columns": entries,
    }
    # ASCII: a surrogate from an undecodable file name is written as an escape.
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    pieces = [_PRELUDE.pack(MAGIC, FORMAT_VERSION), packer.compress(_HEADER_LENGTH.pack(len(text)))]
    pieces.extend(packer.compress(block) for block in (text, *blocks))
    pieces.append(packer.flush())
    return b"".join(pieces)


def read_session_file(path: str) -> bytes:
    """A file's bytes; raises :class:`SessionFileError` where ``open`` fails."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as fault:
        raise SessionFileError(f"{path}: cannot be read ({fault.strerror or fault})") from fault


def session_from_bytes(content: bytes, name: str) -> Session:
    """Opens a session file's content; *name* is what errors call it.

    Raises :class:`SessionFileError` for anything that is no complete session.
    """
    if not content.startswith(MAGIC):
        from .legacy_session import open_foreign_content

        return open_foreign_content(content, name)
    if len(content) < _PRELUDE.size:
        raise _damaged(name, "it ends after its first bytes")
    _, version = _PRELUDE.unpack_from(content)
    if version > FORMAT_VERSION:
        raise SessionFileError(
            f"{name}: written by a newer pyinstrument (session format {version}; this one reads up "
            f"to {FORMAT_VERSION}); upgrade pyinstrument to open it"
        )
    if version < 1:
        raise _damaged(name, f"it says its format is {version}")
    try:
        body = _unpack(memoryview(content)[_PRELUDE.size :])
        header, blocks = _split_header(body)
        return _session(upgrade_header(header, version), blocks)
    except _Fault as fault:
        raise _damaged(name, str(fault)) from None


class _Fault(Exception):
    """What is wrong with a file, as a half-sentence."""


def _damaged(name: str, fault: str) -> SessionFileError:
    return SessionFileError(
        f"{name}: a damaged or incomplete session file: {fault}; record it again, or copy it anew"
    )


def _unpack(packed: memoryview) -> bytes:
    limit = min(max(UNPACKED_AT_LEAST, UNPACKED_PER_BYTE * len(packed)), sys.maxsize)
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, limit)
    except zlib.error as fault:
        raise _Fault(f"its compressed part is broken ({fault})") from None
    if not unpacker.eof:
        if unpacker.unconsumed_tail:
            raise _Fault(f"it unpacks to more than {limit} bytes")
        raise _Fault("it is cut off")
    if unpacker.unused_data:
        raise _Fault(f"{len(unpacker.unused_data)} bytes follow its end")
    return body


def _split_header(body: bytes) -> tuple[dict[str, Any], memoryview]:
    if len(body) < _HEADER_LENGTH.size:
        raise _Fault("it has no header")
    (length,) = _HEADER_LENGTH.unpack_from(body)
    end = _HEADER_LENGTH.size + length
    if end > len(body):
        raise _Fault(f"its header of {length} bytes is cut off")
    try:
        header = json.loads(body[_HEADER_LENGTH.size : end].decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise _Fault(f"its header is no JSON ({fault})") from None
    if not isinstance(header, dict):
        raise _Fault("its header is no JSON object")
    return header, memoryview(body)[end:]


def _session(header: dict[str, Any], blocks: memoryview) -> Session:
    strings = _strings(header, "strings")
    fields = _object(header, "session")
    columns = _read_columns(header, blocks)
    try:
        decoded = {
            f"{spec.table}.{spec.name}": decode_column(
                spec.encoding, columns[f"{spec.table}.{spec.name}"], columns
            )
            for spec in COLUMNS
        }
    except (OverflowError, ValueError, IndexError) as fault:
        raise _Fault(f"a column holds an impossible number ({fault})") from None

    def table(kind: Any, name: str) -> Any:
        return kind(*(decoded[f"{name}.{field}"] for field in kind._fields))

    recording = Recording(
        strings=strings,
        frames=table(FrameTable, "frames"),
        locations=table(LocationTable, "locations"),
        stacks=table(StackTable, "stacks"),
        samples=table(SampleTable, "samples"),
        threads=table(ThreadTable, "threads"),
        links=table(LinkTable, "links"),
        facts=_facts(_object(header, "facts")),
    )
    contradiction = check_recording(recording)
    if contradiction is not None:
        raise _Fault(contradiction)
    return Session(
        recording,
        _text(fields, "target_description"),
        sys_path=_strings(fields, "sys_path"),
        sys_prefixes=_strings(fields, "sys_prefixes"),
        sources=_sources(_object(fields, "sources")),
        max_interval_ns=_whole_number(fields, "max_interval_ns"),
        may_have_sources=_flag(fields, "may_have_sources", default=True),
    )


def _read_columns(header: dict[str, Any], blocks: memoryview) -> dict[str, IntColumn]:
    entries = header.get("columns")
    expected = [
        {"name": f"{spec.table}.{spec.name}", "type": _TYPES[spec.code], "encoding": spec.encoding}
        for spec in COLUMNS
    ]
    if not isinstance(entries, list) or len(entries) != len(expected):
        raise _Fault("its header does not list the columns of this format")
    found: dict[str, IntColumn] = {}
    place = 0
    for entry, wanted in zip(entries, expected):
        if (
            not isinstance(entry, dict)
            or {
                "name": entry.get("name"),
                "type": entry.get("type"),
                "encoding": entry.get("encoding", ""),
            }
            != wanted
        ):
            raise _Fault(f"where column {wanted['name']} should be, its header has {entry!r:.80}")
        length = _whole_number(entry, "length")
        column = array(_CODES[wanted["type"]])
        end = place + length * column.itemsize
        if end > len(blocks):
            raise _Fault(f"column {wanted['name']} is cut off")
        column.frombytes(blocks[place:end])
        found[wanted["name"]] = _little_endian(column)
        place = end
    if place != len(blocks):
        raise _Fault(f"{len(blocks) - place} bytes follow its last column")
    return found


def _little_endian(column: IntColumn) -> IntColumn:
    """The column as little-endian memory, or back: the same swap, and none on most machines."""
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column


def _facts(fields: dict[str, Any]) -> RecordingFacts:
    values: dict[str, Any] = {}
    for name in RecordingFacts._fields:
        if name in _LIST_FACTS:
            values[name] = _strings(fields, name)
        elif name in _INT_FACTS:
            values[name] = _whole_number(fields, name)
        else:
            values[name] = _text(fields, name)
    return RecordingFacts(**values)


def _sources(fields: dict[str, Any]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for file, lines in fields.items():
        if not isinstance(lines, dict) or not all(
            number.isdecimal() and len(number) < 12 and isinstance(text, str)
            for number, text in lines.items()
        ):
            raise _Fault(f"the source lines of {file!r:.80} are no lines")
        found[file] = {int(number): text for number, text in lines.items()}
    return found


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise _Fault(f"{name!r} is missing from its header")
    return value


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise _Fault(f"{name!r} in its header is no text")
    return value


def _flag(fields: dict[str, Any], name: str, *, default: bool) -> bool:
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise _Fault(f"{name!r} in its header is neither true nor false")
    return value


def _strings(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _Fault(f"{name!r} in its header is no list of texts")
    return tuple(value)


def _whole_number(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise _Fault(f"{name!r} in its header is no whole number from 0 up")
    return value
