"""https://github.github.com/gfm: a report to paste into a pull request or to give to a language
model: facts, call tree, and the hottest lines of the user's own code.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Iterator

from ..console.footer import facts_lines, warning_lines
from ..console.frame_line import FrameWriter
from ..console.styles import Line
from ..console.tree import ASCII_GLYPHS, TreeDetails, TreeDrawing
from ..console.waiting import may_wait
from ..interface import FrameRenderer
from ..option_checks import check_count, check_processor_options
from ..units import percent_format, seconds_format
from .budget import cut_middle, tokens
from .hottest_lines import hottest_lines
from .quoting import cell, code, code_block

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.session import Session

DEFAULT_TOKENS = 2000
MAX_LINES = 10
"""Rows of the table of lines."""
MIN_LINE_SHARE = 0.01
LINES_SHARE = 0.4
"""Of the budget: what the table of lines may take."""
COARSER = (0.02, 0.05, 0.1, 0.2)
"""Thresholds that are tried where a tree is too long; the usual one is a hundredth."""


class MarkdownRenderer(FrameRenderer):
    """Markdown of about so many tokens; a tree that would be longer is pruned more."""

    output_file_extension = "md"

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        *,
        token_budget: int | None = DEFAULT_TOKENS,
        clock: str = "wall",
    ) -> None:
        """
        Args:
            show_all: No frame is hidden or left out, as far as the budget allows.
            timeline: Calls in the order they were made, instead of added up.
            processor_options: Handed to the processors.
            token_budget: About how many tokens the report may take; None for any number.
            clock: ``"wall"``, or ``"cpu"`` to measure and order by CPU time.

        Raises ``MisconfigurationError``.
        """
        super().__init__(show_all, timeline, processor_options, clock=clock)
        check_count(type(self).__name__, "token_budget", token_budget, "tokens")
        self.token_budget = token_budget

    def render(self, session: Session) -> str:
        tree = self.call_tree(session)  # checks the clock as well
        facts = self._facts(session)
        if tree.root is None:
            return _text([*facts, "", "No samples were recorded."])
        lines = self._hottest_lines(session, tree.total_ns, tokens(facts))
        head = ["", "## Call tree", "", "Seconds, function, file and line of its definition."]
        rest = tokens([*facts, *head, *code_block([]), *lines])
        block = code_block(self._tree(session, tree, rest))
        return _text([*facts, *head, "", *block, *lines])

    def _facts(self, session: Session) -> list[str]:
        facts = session.facts
        started = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(facts.start_time_ns // 10**9))
        said = [
            f"{facts.duration_ns / 1e9:.3f} s",
            f"{facts.process_cpu_ns / 1e9:.3f} s of CPU time",
            f"{facts.sample_count} samples",
            f"{facts.python} on {facts.platform}",
            started,
        ]
        notes = [*facts_lines(session, self.clock), *warning_lines(session, unicode=False)]
        title = code(session.target_description or "profile")
        return [
            f"# Profile of {title}",
            "",
            f"- {', '.join(said)}",
            *(f"- {code(_plain(note))}" for note in notes),
        ]

    def _tree(self, session: Session, tree: CallTree, used: int) -> list[str]:
        lines = self._drawn(session, tree)
        if self.token_budget is None:
            return lines
        room = self.token_budget - used
        if tokens(lines) > room and not self.show_all:
            threshold = _coarser(self._threshold(), tree, room / tokens(lines))
            if threshold is not None:
                options = {**self.processor_options, "filter_threshold": threshold}
                tree = session.call_tree(self.processors, options, clock=self.clock)
                lines = self._drawn(session, tree)
        return cut_middle(lines, room)

    def _threshold(self) -> float:
        """What the tree is pruned below, whatever its size."""
        return check_processor_options(type(self).__name__, self.processor_options).filter_threshold

    def _drawn(self, session: Session, tree: CallTree) -> list[str]:
        details = TreeDetails(
            source=None,
            links=tree.links(),
            may_wait=self.clock == "wall" and may_wait(session),
            seconds=seconds_format(session.max_interval_ns),
        )
        found: list[str] = []
        for root in tree.roots:
            writer = FrameWriter(details.seconds, root.total_ns, None, "...")
            drawing = TreeDrawing(root, writer, ASCII_GLYPHS, details)
            found += [""] if found else []
            found += map(_plain, drawing.lines())
        if tree.root not in tree.roots and tree.root is not None:
            left_out_ns = tree.root.absorbed_ns
            if left_out_ns > session.max_interval_ns:
                found += ["", f"Short threads, {details.seconds(left_out_ns)} s together: left out"]
        return found

    def _hottest_lines(self, session: Session, total_ns: int, used: int) -> list[str]:
        """A table, or nothing where there is no line to name or no room."""
        rows: list[str] = []
        head = [
            "",
            "## Hottest lines",
            "",
            "Time in which a line was the innermost one of the application's own code.",
            "",
            "| seconds | share | line | function | source |",
            "|---:|---:|---|---|---|",
        ]
        room = None
        if self.token_budget is not None:
            room = (self.token_budget - used) * LINES_SHARE - tokens(head)
        for row in self._rows(session, total_ns):
            if room is not None and tokens([*rows, row]) > room:
                break
            rows.append(row)
        return [*head, *rows] if rows else []

    def _rows(self, session: Session, total_ns: int) -> Iterator[str]:
        sourced = session if session.sources else session.with_sources()
        seconds = seconds_format(session.max_interval_ns)
        share = percent_format(total_ns)
        for name, function, line, spent_ns in hottest_lines(session, self.clock, MAX_LINES):
            if spent_ns < total_ns * MIN_LINE_SHARE:
                break
            source = (sourced.source_line(function.file, line) or "").strip()
            columns = (
                seconds(spent_ns),
                share(spent_ns),
                code(f"{function.short_file}:{line}"),
                code(name),
                code(source) if source else "",
            )
            yield f"| {' | '.join(map(cell, columns))} |"


def _coarser(usual: float, tree: CallTree, share: float) -> float | None:
    """What else to prune below, so that about *share* of a tree is left; None for nothing more."""
    totals = [node.total_ns / root.total_ns for root in tree.roots for node in root.iter_nodes()]
    found = None
    for threshold in COARSER:
        if threshold > usual:
            found = threshold
            if sum(total >= threshold for total in totals) <= share * len(totals):
                break
    return found


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line).rstrip()


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
