"""How one function is written: time, name, place, cut to the width there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .fitting import cut_end, cut_line, cut_start, text_width
from .styles import Line, Segment, printable, share_style

if TYPE_CHECKING:
    from ..units import TimeFormat

MIN_PLACE = 12
"""Columns that a place keeps when name and place do not both fit; with fewer it is left out."""
MIN_NAME = 4
"""Columns that a name keeps beside a place."""


class FrameWriter(NamedTuple):
    """Writes the lines of one report."""

    time_format: TimeFormat
    root_ns: int
    """What shares, and with them colours, are of."""
    width: int | None
    """Columns; None for no limit."""
    ellipsis: str

    def frame(
        self, prefix: str, time_ns: int, name: str, place: str, application: bool, mark: str = ""
    ) -> Line:
        """``TIME name  place  mark`` after *prefix*; the mark is left out where room is scarce."""
        time = self.time_format(time_ns)
        name, place = printable(name), printable(place)
        if self.width is not None:
            room = self.width - text_width(prefix) - len(time) - 1
            mark_width = len(mark) + 2 if mark else 0
            if room - mark_width < MIN_PLACE + MIN_NAME:
                mark, mark_width = "", 0
            name, place = self._fit(name, place, room - mark_width)
        line: Line = [
            (prefix, ""),
            (time, share_style(time_ns, self.root_ns)),
            (" ", ""),
            (name, "application" if application else ""),
        ]
        if place:
            line += [("  ", ""), (place, "dim")]
        if mark:
            line += [("  ", ""), (mark, "dim")]
        return line

    def remark(self, prefix: str, *parts: Segment) -> Line:
        """A line that belongs to the frame above it."""
        line: Line = [(prefix, ""), *parts]
        return line if self.width is None else cut_line(line, self.width, self.ellipsis)

    def _fit(self, name: str, place: str, room: int) -> tuple[str, str]:
        """Cuts the place first, from its start: its end holds file and line."""
        name_width, place_width = text_width(name), text_width(place)
        if name_width + 2 + place_width <= room:
            return name, place
        place_room = max(room - name_width - 2, min(MIN_PLACE, place_width))
        name_room = room - place_room - 2
        if not place or name_room < min(MIN_NAME, name_width):
            return cut_end(name, room, self.ellipsis), ""
        return cut_end(name, name_room, self.ellipsis), cut_start(place, place_room, self.ellipsis)
