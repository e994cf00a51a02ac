"""The report in the terminal: header, call tree or flat list, and what to know about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ..errors import MisconfigurationError
from ..interface import FrameRenderer
from ..option_checks import check_choice, check_count, check_flags
from ..units import percent_format, seconds_format
from .fitting import cut_lines, wrap_lines
from .footer import facts_lines, short_threads_legend, thread_shares_legend, warning_lines
from .frame_line import FrameWriter
from .header import header, short_footer, short_header
from .styles import Line, write_lines
from .tree import ASCII_GLYPHS, UNICODE_GLYPHS, TreeDetails, TreeDrawing
from .waiting import may_wait

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

MIN_WIDTH = 30
SHORT_PREFIX = ".  "


class ConsoleRenderer(FrameRenderer):
    """Text for people, with colours if wanted."""

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        *,
        unicode: bool = False,
        color: bool = False,
        flat: bool = False,
        time: str = "seconds",
        flat_time: str = "self",
        short_mode: bool = False,
        lines: bool = False,
        width: int | None = None,
        clock: str = "wall",
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
            clock: ``"wall"``, or ``"cpu"`` to measure and order by CPU time.

        Raises ``MisconfigurationError``.
        """
        super().__init__(show_all, timeline, processor_options, clock=clock)
        name = type(self).__name__
        check_flags(
            name, unicode=unicode, color=color, flat=flat, short_mode=short_mode, lines=lines
        )
        check_choice(name, "time", time, ("seconds", "percent_of_total"))
        check_choice(name, "flat_time", flat_time, ("self", "total"))
        check_count(name, "width", width, "columns")
        if flat and timeline:
            raise MisconfigurationError(
                f"{name}: 'flat' and 'timeline' exclude each other: a list has no order of calls"
            )
        if flat and lines:
            raise MisconfigurationError(
                f"{name}: 'flat' and 'lines' exclude each other: lines are shown in the tree"
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
        width = self._text_width()
        top = short_header(session, width) if self.short_mode else header(session, width)
        lines = cut_lines(top, width, self._ellipsis)
        body, notes = self._list(session) if self.flat else self._tree(session)
        lines += body or [[("No samples were recorded.", "")]]
        notes += [] if self.short_mode else facts_lines(session, self.clock)
        notes += warning_lines(session, self.unicode)
        lines += [[], *wrap_lines(notes, width)] if notes else []
        return write_lines(self._framed(lines), self.color)

    def _list(self, session: Session) -> tuple[list[Line], list[Line]]:
        """The lines of the flat list, and what to explain about it."""
        from pyinstrument_model.flat_profile import function_totals

        from .flat import flat_lines

        self._check_clock(session)
        totals = function_totals(session, self.processors, clock=self.clock)
        writer = self._writer(session, sum(row.self_ns for row in totals))
        by_total = self.flat_time == "total"
        return [*flat_lines(totals, writer, by_total=by_total, show_all=self.show_all)], []

    def _tree(self, session: Session) -> tuple[list[Line], list[Line]]:
        """The lines of the call tree, and what to explain about it."""
        tree = self.call_tree(session)
        details = TreeDetails(
            source=_with_sources(session) if self.lines else None,
            links=tree.links(),
            may_wait=self.clock == "wall" and may_wait(session),
            seconds=seconds_format(session.max_interval_ns),
        )
        lines: list[Line] = []
        legend: list[Line] = []
        for root in tree.roots:
            writer = self._writer(session, root.total_ns)
            glyphs = UNICODE_GLYPHS if self.unicode else ASCII_GLYPHS
            drawing = TreeDrawing(root, writer, glyphs, details)
            lines += [[], *drawing.lines()] if lines else drawing.lines()
            legend += [line for line in drawing.legend() if line not in legend]
        if tree.root is not None and tree.root not in tree.roots:
            if self.time == "percent_of_total":
                legend.append(thread_shares_legend())
            if tree.root.absorbed_ns > session.max_interval_ns:
                left_out = f"{details.seconds(tree.root.absorbed_ns)} s"
                legend.append(short_threads_legend(left_out))
        return lines, [] if self.short_mode else legend

    def _writer(self, session: Session, total_ns: int) -> FrameWriter:
        format_time = (
            percent_format(total_ns)
            if self.time == "percent_of_total"
            else seconds_format(session.max_interval_ns)
        )
        return FrameWriter(format_time, total_ns, self._text_width(), self._ellipsis)

    @property
    def _ellipsis(self) -> str:
        return "…" if self.unicode else "..."

    def _text_width(self) -> int | None:
        """Columns for text: what is too narrow to say anything counts as a little wider."""
        if self.width is None:
            return None
        return max(self.width, MIN_WIDTH) - (len(SHORT_PREFIX) if self.short_mode else 0)

    def _framed(self, lines: list[Line]) -> Iterable[Line]:
        if not self.short_mode:
            return [*lines, []]
        banner, *rest = lines
        framed = [[(SHORT_PREFIX, "dim"), *line] if line else [(".", "dim")] for line in rest]
        return [[], banner, *framed, [(".", "dim")], short_footer(self._text_width()), []]


def _with_sources(session: Session) -> Session:
    """The session with source lines: those it carries, else what the files hold now."""
    return session if session.sources else session.with_sources()
