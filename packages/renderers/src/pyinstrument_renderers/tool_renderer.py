"""Base of the formats that other tools read. Those have filters of their own, so that everything
recorded is in, however short; text is made piece by piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Iterator

from .interface import Part, PartsRenderer
from .option_checks import check_choice, check_clock_recorded, check_flags

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

    from .thread_stacks import ThreadStacks

PIECE_CHARACTERS = 1_000_000
"""About how much is joined before it is handed on."""


class ToolRenderer(PartsRenderer[Part]):
    """Nothing is pruned, merged or grouped; frames below the start of the profile, and those of the
    ``pyinstrument`` command, are not in it."""

    def __init__(self, *, show_all: bool = True) -> None:
        """
        Args:
            show_all: False leaves out frames that ask to be hidden and the import system's.

        Raises ``MisconfigurationError``.
        """
        check_flags(type(self).__name__, show_all=show_all)
        self.show_all = show_all


class ClockToolRenderer(ToolRenderer[Part]):
    """A format with one time for each thing, or with one that comes first: by a chosen clock."""

    def __init__(self, *, show_all: bool = True, clock: str = "wall") -> None:
        """
        Args:
            show_all: False leaves out frames that ask to be hidden and the import system's.
            clock: ``"wall"``, or ``"cpu"`` to measure by CPU time.

        Raises ``MisconfigurationError``.
        """
        super().__init__(show_all=show_all)
        check_choice(type(self).__name__, "clock", clock, ("wall", "cpu"))
        self.clock = clock

    def stacks(self, session: Session) -> Iterator[ThreadStacks]:
        """The stacks of each thread with time. Raises as :meth:`check_clock`, at once."""
        from .thread_stacks import thread_stacks

        self.check_clock(session)
        return thread_stacks(session, clock=self.clock, show_all=self.show_all)

    def check_clock(self, session: Session) -> None:
        """Raises ``RendererError`` when CPU time is wanted and was not recorded."""
        check_clock_recorded(type(self).__name__, self.clock, session)


def joined(lines: Iterable[str], separator: str = "") -> Iterator[str]:
    """The same text in larger pieces, which cost less to write; *separator* goes between lines."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size > PIECE_CHARACTERS:
            yield separator.join(waiting)
            waiting, size = [""], 0
    yield separator.join(waiting)


def one_line(text: str) -> str:
    """*text* with control characters escaped, and what is no Unicode, like bytes of a file name."""
    from .console.styles import printable

    return printable(text).encode("utf-8", "backslashreplace").decode()
