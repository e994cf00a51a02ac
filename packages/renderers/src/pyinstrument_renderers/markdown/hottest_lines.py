"""The lines of the user's own code in which most time was spent, with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

if TYPE_CHECKING:
    from pyinstrument_model.functions import Function
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex


class HotLine(NamedTuple):
    """A line, and how long it was the innermost one of the user's own code."""

    name: str
    """Of its function."""
    code: Function
    line: int
    spent_ns: int


def hottest_lines(session: Session, clock: str, count: int) -> list[HotLine]:
    """At most *count*, the costliest first. Time in a library counts for the line that called it.

    Each stretch of time counts for one line, so that the times can be added up.
    """
    from ..function_names import function_names

    index = session.stack_index_of(clock)
    spent: dict[tuple[int, int], int] = {}
    line_of = index.functions.line_of_location
    for row, own in _time_by_row(index).items():
        line = line_of[index.location[row]]
        if line:
            key = index.of_row[row], line
            spent[key] = spent.get(key, 0) + own
    ranked = sorted(spent.items(), key=lambda item: (-item[1], item[0]))[:count]
    names = function_names(index)
    functions = index.functions.functions
    return [
        HotLine(names[function], functions[function], line, own) for (function, line), own in ranked
    ]


def _time_by_row(index: StackIndex) -> dict[int, int]:
    """Nanoseconds in which a row was the innermost one of the user's code."""
    found: dict[int, int] = {}
    for owner, own in zip(_owners(index), index.self_ns):
        if own and owner:
            found[owner] = found.get(owner, 0) + own
    return found


def _owners(index: StackIndex) -> list[int]:
    """By row: the one that its time counts for, innermost of the user's code; 0 where it is for
    nobody's."""
    claims = [code.is_application_code for code in index.functions.functions]
    kinds = [code.is_synthetic for code in index.functions.functions]
    in_program = _in_program(index)
    owners = [0]
    inherited = [True]  # what code run from a string is: as its caller
    for row in range(1, len(index.parent)):
        above, function = index.parent[row], index.of_row[row]
        claim = claims[function]
        if not in_program[row]:
            claim, owner = True, 0  # a launcher is nobody's code
        elif claim is None or kinds[function]:
            claim = inherited[above]
            owner = owners[above] if kinds[function] or not claim else row
        else:
            owner = row if claim else owners[above]
        inherited.append(claim)
        owners.append(owner)
    return owners


def _in_program(index: StackIndex) -> bytearray:
    """By row: 1 from the frames on that the program of a thread begins with."""
    found = bytearray(len(index.parent))
    for row in _program_rows(index):
        found[row] = 1
    for row, above in enumerate(index.parent):
        if found[above]:
            found[row] = 1
    return found


def _program_rows(index: StackIndex) -> Iterator[int]:
    """Rows of the frames that the tree of a report begins with: neither what ran before the start
    of the profile is the user's program, nor is the command that ran it."""
    from pyinstrument_model.build_rules import BuildRules
    from pyinstrument_model.processors.remove_importlib import is_importlib
    from pyinstrument_model.processors.remove_tracebackhide import is_hidden
    from pyinstrument_model.program_roots import program_roots

    rules = BuildRules(skips=(is_importlib, is_hidden))
    skipped = rules.skipped(index.functions.functions)
    for _, program in program_roots(index, rules, skipped):
        if program is not None:
            yield from program.rows
