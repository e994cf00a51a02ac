"""The lines of a function that its time was spent in, with their source text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .styles import Line, printable, share_style

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.session import Session

    from .frame_line import FrameWriter

MAX_LINES = 3
MIN_SHARE_OF_FRAME = 0.1
MIN_SHARE_OF_ROOT = 0.01


def hot_lines(node: CallNode, session: Session, writer: FrameWriter) -> list[Line]:
    """Up to three lines, the costliest first, calls made in them included: ``TIME :LINE source``.

    Lines that took less than a tenth of their frame, or a hundredth of the whole, are left out.
    """
    least = max(node.total_ns * MIN_SHARE_OF_FRAME, writer.root_ns * MIN_SHARE_OF_ROOT)
    hottest = sorted(
        ((spent.total_ns, line) for line, spent in node.lines.items() if line),
        key=lambda item: (-item[0], item[1]),
    )
    found: list[Line] = []
    for total_ns, line in hottest[:MAX_LINES]:
        if total_ns < least:
            break
        source = session.source_line(node.file_path or "", line)
        found.append(
            [
                (writer.time_format(total_ns), share_style(total_ns, writer.root_ns)),
                (f" :{line}", "dim"),
                ("  " + printable(source.strip().expandtabs(4)), "source") if source else ("", ""),
            ]
        )
    return found
