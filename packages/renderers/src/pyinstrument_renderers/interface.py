"""What a renderer is: session → text or bytes. The contract for ours and for third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Iterator, TypeVar

from .option_checks import (
    check_choice,
    check_clock_recorded,
    check_flags,
    check_mapping,
    check_processor_options,
)

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.processors import Processor
    from pyinstrument_model.session import Session

Part = TypeVar("Part", str, bytes)


class Renderer:
    """Base of all renderers.

    Subclasses take their options as constructor arguments and keep no state between calls of
    ``render``: one instance may render any number of sessions.
    """

    output_file_extension: str = "txt"
    """Of files that hold its output, without a dot."""
    output_is_binary: bool = False
    """``render`` returns bytes, which do not belong on a terminal."""

    def render(self, session: Session) -> str | bytes:
        """The session in this format. Raises ``RendererError`` for what it cannot show."""
        raise NotImplementedError(f"{type(self).__name__} has no render()")


class PartsRenderer(Renderer, Generic[Part]):
    """Base of formats that grow large: made piece by piece, and by the command written so.

    Subclasses give the pieces, as bytes where ``output_is_binary``. One that has a ``render`` of
    its own is asked for that instead.
    """

    def render(self, session: Session) -> Part:
        """All pieces in one."""
        nothing: Any = b"" if self.output_is_binary else ""
        joined: Part = nothing.join(self.parts(session))
        return joined

    def parts(self, session: Session) -> Iterator[Part]:
        """The pieces, in order. Raises ``RendererError`` for what it cannot show."""
        raise NotImplementedError(f"{type(self).__name__} has no parts()")


class FrameRenderer(Renderer):
    """Base of renderers that show a call tree.

    ``processors`` (what is done to the tree, in order) and ``processor_options`` may be changed
    until ``render`` is called.
    """

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        *,
        clock: str = "wall",
    ) -> None:
        """
        Args:
            show_all: No frame is hidden or left out.
            timeline: Calls in the order they were made, instead of added up.
            processor_options: ``filter_threshold``, ``hide_regex``, ``show_regex``.
            clock: ``"wall"``, or ``"cpu"`` to measure and order by CPU time.

        Raises ``MisconfigurationError``.
        """
        name = type(self).__name__
        check_flags(name, show_all=show_all, timeline=timeline)
        check_mapping(name, "processor_options", processor_options)
        check_choice(name, "clock", clock, ("wall", "cpu"))
        self.show_all = show_all
        self.timeline = timeline
        self.clock = clock
        self.processors: list[Processor] = self.default_processors()
        self.processor_options: dict[str, Any] = dict(processor_options or {})
        self._check_processor_options()

    def default_processors(self) -> list[Processor]:
        """A new list of what this renderer does to a tree, by ``show_all`` and ``timeline``."""
        from pyinstrument_model.processors import default_processors

        return default_processors(show_all=self.show_all, timeline=self.timeline)

    def call_tree(self, session: Session) -> CallTree:
        """What there is to show: the session's tree after the processors.

        Raises ``RendererError`` when CPU time is wanted and was not recorded.
        """
        self._check_processor_options()
        self._check_clock(session)
        return session.call_tree(self.processors, self.processor_options, clock=self.clock)

    def preprocess(self, root_frame: CallNode | None) -> CallNode | None:
        """The root after the processors, of a tree like ``session.root_frame()``.

        How renderers written for pyinstrument 4 and 5 begin; ``call_tree`` is much faster.
        """
        from pyinstrument_model.call_tree import CallTree
        from pyinstrument_model.processor_options import ProcessorOptions

        self._check_processor_options()
        tree, options = CallTree(root_frame), ProcessorOptions.of(self.processor_options)
        for processor in self.processors:
            tree = processor(tree, options)
        return tree.root

    def _check_clock(self, session: Session) -> None:
        check_clock_recorded(type(self).__name__, self.clock, session)

    def _check_processor_options(self) -> None:
        check_processor_options(type(self).__name__, self.processor_options)
