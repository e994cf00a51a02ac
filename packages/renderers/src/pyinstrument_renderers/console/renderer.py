"""The report in the terminal: header, call tree or flat list, and what to know about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Optional

from ..errors import MisconfigurationError
from ..interface import FrameRenderer
from ..option_checks import check_choice, check_flags, check_width
from ..units import percent_format, seconds_format
from .flat import flat_lines
from .footer import facts_lines, folded_legend, hidden_legend, warning_lines
from .frame_line import FrameWriter
from .header import header, short_footer, short_header
from .styles import Line, write_lines
from .tree import ASCII_GLYPHS, UNICODE_GLYPHS, TreeDrawing

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.session import Session

MIN_WIDTH = 20
_SHORT_PREFIX = ".  "


class ConsoleRenderer(FrameRenderer):
    """Text for people, with colours if wanted."""

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: Optional[Dict[str, Any]] = None,
        *,
        unicode: bool = False,
        color: bool = False,
        flat: bool = False,
        time: str = "seconds",
        flat_time: str = "self",
        short_mode: bool = False,
        lines: bool = False,
        width: Optional[int] = None,
    ) -> None:
        """
        Args:
            show_all: No frame is hidden or left out.
            timeline: Calls in the order they were made, instead of added up.
            processor_options: Handed to the processors.
            unicode: Box drawing characters instead of ASCII.
            color: ANSI colours by share of the whole.
            flat: Functions in a list instead of a tree.
            time: ``"seconds"`` or ``"percent_of_total"``.
            flat_time: What to list and sort by: ``"self"`` or ``"total"``.
            short_mode: A small banner instead of header and facts.
            lines: Under each function the lines that took most of its time.
            width: Columns to keep within; None for lines as long as they are.

        Raises ``MisconfigurationError``.
        """
        super().__init__(show_all, timeline, processor_options)
        check_flags(
            "text", unicode=unicode, color=color, flat=flat, short_mode=short_mode, lines=lines
        )
        check_choice("text", "time", time, ("seconds", "percent_of_total"))
        check_choice("text", "flat_time", flat_time, ("self", "total"))
        check_width("text", width)
        if flat and timeline:
            raise MisconfigurationError(
                "text: 'flat' and 'timeline' exclude each other: a flat list has no order of calls"
            )
        if flat and lines:
            raise MisconfigurationError(
                "text: 'flat' and 'lines' exclude each other: lines are shown in the tree"
            )
        self.unicode = unicode
        self.color = color
        self.flat = flat
        self.time = time
        self.flat_time = flat_time
        self.short_mode = short_mode
        self.lines = lines
        self.width = width

    def render(self, session: Session) -> str:
        width = self._columns()
        top = short_header(session) if self.short_mode else header(session)
        body: List[Line] = []
        notes: List[Line] = []
        tree = self.flat_tree(session) if self.flat else self.call_tree(session)
        if tree.root is None:
            body.append([("No samples were recorded.", "")])
        else:
            self._draw(session, tree, body, notes)
        if not self.short_mode:
            notes += facts_lines(session)
        notes += warning_lines(session, self.unicode)
        lines = [*top, *body, [], *notes, *([[]] if notes else [])]
        return write_lines(self._framed(self._cut(lines, width)), self.color)
