"""https://github.com/brendangregg/FlameGraph: stacks folded into lines, which flamegraph.pl reads.

A line is ``outermost;…;innermost nanoseconds``, one for each distinct stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from .tool_renderer import ClockToolRenderer, joined, one_line

if TYPE_CHECKING:
    from pyinstrument_model.session import Session


class CollapsedRenderer(ClockToolRenderer[str]):
    """Each distinct stack with its time; outermost the thread, where there are several."""

    output_file_extension = "collapsed"

    def parts(self, session: Session) -> Iterator[str]:
        return joined(self._lines(session))

    def _lines(self, session: Session) -> Iterator[str]:
        from .function_names import function_labels
        from .stack_path import StackPath

        threads = self.stacks(session)
        index = session.stack_index_of(self.clock)
        labels = [_word(label) for label in function_labels(index)]
        has_threads = len(index.lanes) > 1
        for stacks in threads:
            path = StackPath(stacks, labels)
            thread = [_word(stacks.name)] if has_threads else []
            for node, spent in enumerate(stacks.self_ns()):
                if spent:
                    path.go_to(node)
                    words = thread + path.said or ["[root]"]
                    yield f"{';'.join(words)} {spent}\n"


def _word(text: str) -> str:
    """*text* without what ends a word or a line."""
    return one_line(text).replace(";", ":")
