"""How one function is written: time, name, place, cut to the width there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .fitting import cut_end, cut_line, cut_start, text_width
from .styles import Line, Segment, printable, share_style

if TYPE_CHECKING:
    from ..units import TimeFormat

MIN_PLACE = 12
"""Columns that a place keeps when name and place do not both fit."""
MIN_NAME = 4
"""Columns that a name keeps whatever is beside it."""


class FrameWriter(NamedTuple):
    """Writes the lines of one report."""

    time_format: TimeFormat
    root_ns: int
    """What shares, and with them colours, are of."""
    width: int | None
    """Columns; None for no limit."""
    ellipsis: str

    def frame(self, prefix: str, time_ns: int, name: str, place: str, application: bool) -> Line:
        """``TIME name  place`` after *prefix*."""
        time = self.time_format(time_ns)
        name, place = printable(name), printable(place)
        if self.width is not None:
            room = self.width - text_width(prefix) - len(time) - 1
            name, place = self._fit(name, place, room)
        line: Line = [
            (prefix, ""),
            (time, share_style(time_ns, self.root_ns)),
            (" ", ""),
            (name, "application" if application else ""),
        ]
        return [*line, ("  ", ""), (place, "dim")] if place else line

    def remark(self, prefix: str, *parts: Segment) -> Line:
        """A line that belongs to the frame above it."""
        line: Line = [(prefix, ""), *parts]
        return line if self.width is None else cut_line(line, self.width, self.ellipsis)

    def _fit(self, name: str, place: str, room: int) -> tuple[str, str]:
        """Cuts the place first, from its start: its end holds file and line."""
        name_width = text_width(name)
        if name_width + 2 + text_width(place) <= room:
            return name, place
        place_room = max(room - name_width - 2, min(MIN_PLACE, text_width(place)))
        name = cut_end(name, max(room - place_room - 2, min(name_width, MIN_NAME)), self.ellipsis)
        place_room = room - text_width(name) - 2
        return name, cut_start(
            place, place_room, self.ellipsis
        ) if place_room >= MIN_PLACE // 2 else ""
