"""https://www.rfc-editor.org/rfc/rfc4180: functions as comma-separated values, for spreadsheets.

Unlike there, lines end in a newline alone, which every reader takes and line tools need.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Iterator

from .tool_renderer import ClockToolRenderer, one_line

if TYPE_CHECKING:
    from pyinstrument_model.flat_profile import FunctionTotal
    from pyinstrument_model.processors import Processor
    from pyinstrument_model.session import Session

HEADER = ("function", "file", "line", "is_application_code", "self_seconds", "total_seconds")
_ROWS_A_PIECE = 1000


class CSVRenderer(ClockToolRenderer[str]):
    """A row a function, most self time first; total time counts recursion once.

    Self times add up to the time recorded. A row ``[root]`` has what was outside of all functions.
    """

    output_file_extension = "csv"

    def parts(self, session: Session) -> Iterator[str]:
        rows = self._rows(session)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        for place in range(0, len(rows), _ROWS_A_PIECE):
            writer.writerows(rows[place : place + _ROWS_A_PIECE])
            yield text.getvalue()
            text.seek(0)
            text.truncate()
        yield text.getvalue()

    def _rows(self, session: Session) -> list[tuple[str, ...]]:
        from pyinstrument_model.flat_profile import function_totals

        self.check_clock(session)
        totals = function_totals(session, self._processors(), clock=self.clock)
        index = session.stack_index_of(self.clock)
        outside_ns = sum(index.total_ns[lane.row] for lane in index.lanes)
        outside_ns -= sum(total.self_ns for total in totals)
        rows = [_row(total) for total in totals]
        if outside_ns:
            rows.append(("[root]", "", "", "", _seconds(outside_ns), _seconds(outside_ns)))
        return rows

    def _processors(self) -> list[Processor]:
        from pyinstrument_model.processors import (
            default_processors,
            remove_first_pyinstrument_frames_processor,
        )

        return (
            [remove_first_pyinstrument_frames_processor] if self.show_all else default_processors()
        )


def _row(total: FunctionTotal) -> tuple[str, ...]:
    from .function_names import function_name

    code = total.function
    return (
        one_line(function_name(code, total.class_name)),
        one_line(code.file),
        str(code.first_line or ""),
        "yes" if total.is_application_code else "no",
        _seconds(total.self_ns),
        _seconds(total.total_ns),
    )


def _seconds(time_ns: int) -> str:
    return f"{time_ns // 10**9}.{time_ns % 10**9:09}"
