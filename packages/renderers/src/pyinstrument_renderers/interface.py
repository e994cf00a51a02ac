"""What a renderer is: session → text or bytes. The contract for ours and for third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import MisconfigurationError
from .option_checks import check_flags, check_mapping

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.processors import Processor
    from pyinstrument_model.session import Session


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
    ) -> None:
        """
        Args:
            show_all: No frame is hidden or left out.
            timeline: Calls in the order they were made, instead of added up.
            processor_options: ``filter_threshold``, ``hide_regex``, ``show_regex``.

        Raises ``MisconfigurationError``.
        """
        name = type(self).__name__
        check_flags(name, show_all=show_all, timeline=timeline)
        check_mapping(name, "processor_options", processor_options)
        from pyinstrument_model.processors import default_processors

        self.show_all = show_all
        self.timeline = timeline
        self.processors: list[Processor] = default_processors(show_all=show_all, timeline=timeline)
        self.processor_options: dict[str, Any] = dict(processor_options or {})
        self._check_processor_options()

    def call_tree(self, session: Session) -> CallTree:
        """What there is to show: the session's tree after the processors."""
        self._check_processor_options()
        return session.call_tree(self.processors, self.processor_options)

    def _check_processor_options(self) -> None:
        from pyinstrument_model.errors import OptionError
        from pyinstrument_model.processor_options import ProcessorOptions

        try:
            ProcessorOptions.of(self.processor_options)
        except OptionError as error:
            raise MisconfigurationError(f"{type(self).__name__}: {error}") from error
