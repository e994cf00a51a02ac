"""https://github.com/google/pprof/blob/main/proto/profile.proto, for ``go tool pprof`` and its kin.

The message is written by hand: it has few kinds of fields, and the ``protobuf`` library would tie
every user of this package to one of its major versions.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Iterator, Sequence

from . import protobuf
from .tool_renderer import ClockToolRenderer

if TYPE_CHECKING:
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex

    from .thread_stacks import ThreadStacks

# Numbers of the fields, by message.
_SAMPLE_TYPE, _SAMPLE, _LOCATION, _FUNCTION, _STRING = 1, 2, 4, 5, 6
_TIME_NS, _DURATION_NS, _PERIOD_TYPE, _PERIOD, _COMMENT = 9, 10, 11, 12, 13
_VALUE_TYPE, _VALUE_UNIT = 1, 2
_SAMPLE_LOCATIONS, _SAMPLE_VALUES, _SAMPLE_LABEL = 1, 2, 3
_LABEL_KEY, _LABEL_TEXT = 1, 2
_LOCATION_ID, _LOCATION_LINE = 1, 4
_LINE_FUNCTION, _LINE_NUMBER, _LINE_COLUMN = 1, 2, 3
_FUNCTION_ID, _FUNCTION_NAME, _FUNCTION_SYSTEM_NAME, _FUNCTION_FILE, _FUNCTION_LINE = 1, 2, 3, 4, 5

_GZIP = 31
"""Window bits that make zlib write a gzip file."""
_PIECE_BYTES = 1 << 20


class PprofRenderer(ClockToolRenderer[bytes]):
    """Distinct stacks with their lines, the samples of each, and its time; threads are labels.

    Of the values, that of ``clock`` comes last: the one that pprof shows unless told otherwise.
    """

    output_file_extension = "pb.gz"
    output_is_binary = True

    def parts(self, session: Session) -> Iterator[bytes]:
        packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        waiting = bytearray()
        for message in self._messages(session):
            waiting += message
            if len(waiting) > _PIECE_BYTES:
                yield packer.compress(bytes(waiting))
                waiting.clear()
        yield packer.compress(bytes(waiting)) + packer.flush()

    def _messages(self, session: Session) -> Iterator[bytes]:
        """The fields of the profile, in the order in which they are known."""
        from .thread_stacks import thread_stacks

        self.check_clock(session)
        # By elapsed time whatever comes last: else, samples that only waited would be missing.
        threads = thread_stacks(session, show_all=self.show_all, lines=True)
        index = session.stack_index
        strings = _Strings()
        facts = session.facts
        kinds = _value_kinds(session, self.clock)
        for kind in kinds:
            yield protobuf.message(_SAMPLE_TYPE, _value_type(strings, kind))
        ids = [protobuf.varint(place + 2) for place in range(len(session.recording.locations.line))]
        for stacks in threads:
            yield from _samples(index, stacks, kinds, strings, ids)
        yield from _locations(session, strings)
        yield from _functions(index, strings)
        yield protobuf.integer(_TIME_NS, facts.start_time_ns)
        yield protobuf.integer(_DURATION_NS, facts.duration_ns)
        yield protobuf.message(_PERIOD_TYPE, _value_type(strings, "wall"))
        yield protobuf.integer(_PERIOD, facts.interval_ns)
        for comment in (session.target_description, facts.engine_reason, *facts.notes):
            if comment:
                yield protobuf.integer(_COMMENT, strings.number(comment))
        for text in strings:
            yield protobuf.text(_STRING, text)


class _Strings:
    """Texts by number; number 0 is the empty one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


def _value_kinds(session: Session, clock: str) -> list[str]:
    """``samples``, and the clocks that were recorded, the wanted one last."""
    clocks = ["wall", "cpu"] if session.facts.cpu_clock else ["wall"]
    return ["samples", *(other for other in clocks if other != clock), clock]


def _value_type(strings: _Strings, kind: str) -> bytes:
    unit = "count" if kind == "samples" else "nanoseconds"
    return protobuf.integer(_VALUE_TYPE, strings.number(kind)) + protobuf.integer(
        _VALUE_UNIT, strings.number(unit)
    )


def _samples(
    index: StackIndex,
    stacks: ThreadStacks,
    kinds: Sequence[str],
    strings: _Strings,
    ids: Sequence[bytes],
) -> Iterator[bytes]:
    """One sample a distinct stack; *ids* are those of locations, see :func:`_locations`."""
    from .stack_path import StackPath

    columns = {
        "samples": stacks.column(index.sample_column("ticks")),
        "cpu": stacks.column(index.sample_cpu_ns),
        "wall": stacks.column(index.sample_column("duration_ns")),
    }
    spent: dict[int, list[int]] = {}
    for node, *values in zip(stacks.sample_node, *(columns[kind] for kind in kinds)):
        known = spent.get(node)
        if known is None:
            spent[node] = values
        else:
            for place, value in enumerate(values):
                known[place] += value
    label = protobuf.message(
        _SAMPLE_LABEL,
        protobuf.integer(_LABEL_KEY, strings.number("thread"))
        + protobuf.integer(_LABEL_TEXT, strings.number(stacks.name)),
    )
    nowhere = protobuf.varint(1)
    path = StackPath(stacks, ids)
    for node, values in spent.items():
        path.go_to(node)
        innermost_first = b"".join(path.said[::-1]) or nowhere
        yield protobuf.message(
            _SAMPLE,
            protobuf.message(_SAMPLE_LOCATIONS, innermost_first)
            + protobuf.message(_SAMPLE_VALUES, b"".join(map(protobuf.varint, values)))
            + label,
        )


def _locations(session: Session, strings: _Strings) -> Iterator[bytes]:
    """Those of the recording, from number 2 on; number 1 is for time outside of all calls.

    Functions are numbered likewise.
    """
    yield _location(1, 1, 0, 0)
    locations = session.recording.locations
    of_location = session.stack_index.functions.of_location
    for place, (line, column) in enumerate(zip(locations.line, locations.column)):
        yield _location(place + 2, of_location[place] + 2, line, column)


def _location(number: int, function: int, line: int, column: int) -> bytes:
    where = (
        protobuf.integer(_LINE_FUNCTION, function)
        + protobuf.integer(_LINE_NUMBER, line)
        + protobuf.integer(_LINE_COLUMN, column)
    )
    return protobuf.message(
        _LOCATION,
        protobuf.integer(_LOCATION_ID, number) + protobuf.message(_LOCATION_LINE, where),
    )


def _functions(index: StackIndex, strings: _Strings) -> Iterator[bytes]:
    from .function_names import function_names

    yield _function(1, strings, "[root]", "", "", 0)
    for place, (name, code) in enumerate(zip(function_names(index), index.functions.functions)):
        file = code.file if code.kind.name == "PYTHON" else ""
        yield _function(place + 2, strings, name, code.qualname, file, code.first_line)


def _function(
    number: int, strings: _Strings, name: str, qualname: str, file: str, line: int
) -> bytes:
    # Where both names are equal, pprof takes them for C++ and strips what is in angle brackets:
    # "<module>" would have no name left.
    system_name = qualname if qualname != name else ""
    return protobuf.message(
        _FUNCTION,
        protobuf.integer(_FUNCTION_ID, number)
        + protobuf.integer(_FUNCTION_NAME, strings.number(name))
        + protobuf.integer(_FUNCTION_SYSTEM_NAME, strings.number(system_name))
        + protobuf.integer(_FUNCTION_FILE, strings.number(file))
        + protobuf.integer(_FUNCTION_LINE, line),
    )
