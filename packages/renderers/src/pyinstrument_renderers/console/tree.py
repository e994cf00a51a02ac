"""Draws a call tree: one line a function, indented by guides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple, Sequence

from .fitting import cut_end
from .footer import folded_legend, hidden_legend, waiting_legend
from .frame_names import node_name, node_place
from .hot_lines import hot_lines
from .link_remarks import link_remarks
from .styles import Line, Segment
from .tree_rows import HiddenFrames, Row, TreeRows
from .waiting import waiting_marks

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.session import Session
    from pyinstrument_model.thread_links import ThreadLink

    from ..units import TimeFormat
    from .frame_line import FrameWriter

FOLD_LEVELS = 40
"""Indentation starts again at the left after this many levels.

Drawn in full, a stack of 100,000 calls would take 30 GB of spaces. Rows of a folded region begin
with how deep it is, like ``40+``, so a reader sees where it starts and ends; nothing is left out,
and a line stays short however deep it is.
"""
TEXT_COLUMNS = 40
"""What the guides leave to a line's text when there is a width to keep."""
LIBRARIES_COLUMNS = 40
"""Of the names of libraries in a remark on hidden frames."""


class Glyphs(NamedTuple):
    """Guides of a row and of what is below it, three columns each."""

    branch: str
    last: str
    through: str
    empty: str = "   "


UNICODE_GLYPHS = Glyphs("├─ ", "└─ ", "│  ")
ASCII_GLYPHS = Glyphs("|- ", "`- ", "|  ")


class TreeDetails(NamedTuple):
    """What a drawing shows besides the tree; the same for all threads of a report."""

    source: Session | None
    """Whose source lines are shown under the frames that spent time in them."""
    links: Sequence[ThreadLink]
    """Ends of work done in another thread."""
    may_wait: bool
    """Whether it is worth looking for frames that waited."""
    seconds: TimeFormat


class TreeDrawing:
    """A tree as lines of text; which rows it has is settled when this is made."""

    def __init__(
        self,
        root: CallNode,
        writer: FrameWriter,
        glyphs: Glyphs,
        details: TreeDetails,
    ) -> None:
        self._writer = writer
        self._source = details.source
        self._tree = TreeRows(root)
        self._rows: Sequence[Row] = list(self._tree)
        self._waiting = waiting_marks(self._rows) if details.may_wait else {}
        self._links = link_remarks(self._rows, details) if details.links else {}
        depth = max(row.depth for row in self._rows)
        columns, self._levels = _layout(depth, writer.width)
        self._glyphs = Glyphs(*(glyph[:columns] for glyph in glyphs))
        self._is_folded = depth > self._levels

    def legend(self) -> list[Line]:
        """What a reader of this drawing needs explained."""
        found = [hidden_legend()] if self._tree.hidden else []
        if self._waiting:
            found.append(waiting_legend())
        if self._is_folded:
            found.append(folded_legend(self._levels))
        return found

    def lines(self) -> Iterator[Line]:
        """Top down, one line a function and its remarks."""
        glyphs, writer, hidden = self._glyphs, self._writer, self._tree.hidden
        # Guides in front of the children of the row last drawn at each depth.
        below: list[str] = [""]
        for row in self._rows:
            node, depth = row.node, row.depth
            if depth:
                guides = below[depth - 1]
                prefix = guides + (glyphs.last if row.is_last else glyphs.branch)
                beneath = guides + (glyphs.empty if row.is_last else glyphs.through)
            else:
                prefix = beneath = ""
            if depth and depth % self._levels == 0:
                beneath = f"{depth}+ "
            del below[depth:]
            below.append(beneath)
            yield writer.frame(
                prefix,
                node.total_ns,
                node_name(node),
                node_place(node),
                node.is_application_code,
                self._waiting.get(id(node), ""),
            )
            remark_prefix = beneath + (glyphs.through if row.has_children else glyphs.empty)
            if self._source is not None:
                for line in hot_lines(node, self._source, writer):
                    yield writer.remark(remark_prefix, *line)
            for remark in self._links.get(id(node), ()):
                yield writer.remark(remark_prefix, (remark, "dim"))
            if id(node) in hidden:
                yield writer.remark(remark_prefix, self._hidden_remark(hidden[id(node)]))

    def _hidden_remark(self, hidden: HiddenFrames) -> Segment:
        libraries = cut_end(hidden.libraries, LIBRARIES_COLUMNS, self._writer.ellipsis)
        return f"[{hidden.frames} frames hidden]  {libraries}".rstrip(), "dim"


def _layout(depth: int, width: int | None) -> tuple[int, int]:
    """Columns a level, and levels before indentation starts again, for a tree that deep.

    Where a line must fit a width, guides get a column narrower first (narrower still, they do not
    read as a tree), then the tree folds sooner.
    """
    if width is None:
        return 3, FOLD_LEVELS
    room = max(width - TEXT_COLUMNS, width // 2)
    columns = 3 if 3 * min(depth, FOLD_LEVELS) <= room else 2
    if depth > room // columns:
        room -= len(f"{depth}+ ")
    return columns, min(FOLD_LEVELS, max(1, room // columns))
