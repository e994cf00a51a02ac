"""``HTMLRenderer``: a page with the whole session in it. Its options are where the viewer starts.

``docs/contribute/viewer.md`` says what the page does with it; nothing is computed here that a
reader may want otherwise.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Iterator

from ..errors import MisconfigurationError
from ..interface import PartsRenderer
from ..option_checks import (
    check_choice,
    check_clock_recorded,
    check_flags,
    check_mapping,
    check_processor_options,
)

if TYPE_CHECKING:
    from pyinstrument_model.processors import Processor
    from pyinstrument_model.session import Session

SOURCE_CONTEXT = 5
"""Lines before and after each one that travels: enough to recognise what it is part of."""
NOT_RESAMPLED = "resample_interval has no effect any more: all samples are in the page"
"""The warning to whoever gives one, here or to a profiler."""


class HTMLRenderer(PartsRenderer[str]):
    """A report to be opened in a browser; it needs nothing but itself, and asks for nothing.

    Options only set what is shown first: all that was recorded is in the page.
    """

    output_file_extension = "html"

    def __init__(
        self,
        *,
        resample_interval: float | None = None,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> None:
        """
        Args:
            resample_interval: Deprecated, has no effect: all samples are in the page.
            show_all: Start with no frame hidden or left out.
            timeline: Start with the timeline.
            processor_options: ``filter_threshold``, ``hide_regex``, ``show_regex`` to start with.
            clock: ``"wall"``, or ``"cpu"`` to start with CPU time.

        Raises ``MisconfigurationError``.
        """
        name = type(self).__name__
        check_flags(name, show_all=show_all, timeline=timeline)
        check_mapping(name, "processor_options", processor_options)
        check_choice(name, "clock", clock, ("wall", "cpu"))
        if resample_interval is not None:
            warnings.warn(NOT_RESAMPLED, DeprecationWarning, stacklevel=2)
        self.show_all = show_all
        self.timeline = timeline
        self.clock = clock
        self.preprocessors: list[Processor] = []
        """Deprecated: the page builds its own tree. Only our own processors are taken."""
        self.preprocessor_options: dict[str, Any] = dict(processor_options or {})
        check_processor_options(name, self.preprocessor_options)

    def parts(self, session: Session) -> Iterator[str]:
        """The page, piece by piece.

        Raises ``RendererError`` where the viewer is missing from this installation or CPU times
        from the session, and ``MisconfigurationError`` for ``preprocessors`` of one's own.
        """
        from .page import page_parts

        start = self._start_state()
        self._check_preprocessors()
        check_clock_recorded(type(self).__name__, self.clock, session)
        if not session.sources:
            session = session.with_sources(SOURCE_CONTEXT)
        return page_parts(session, start)

    def open_in_browser(self, session: Session, output_filename: str | None = None) -> str:
        """Writes the page, to a new temporary file unless named, and opens it in a browser.

        Returns its absolute path. Raises ``OutputError``.
        """
        from .browser import open_page, write_page

        path = write_page(self.render(session), output_filename)
        open_page(path)
        return path

    def _start_state(self) -> dict[str, Any]:
        """What differs from how the viewer usually starts; ``lib/page.ts`` of it reads that."""
        options = check_processor_options(type(self).__name__, self.preprocessor_options)
        start: dict[str, Any] = {}
        if self.timeline:
            start["view"] = "timeline"
        if self.clock != "wall":
            start["clock"] = self.clock
        if self.show_all:
            start["show_all"] = True
        if self.preprocessor_options.get("filter_threshold") is not None:
            start["filter_threshold"] = options.filter_threshold
        for name in ("hide_regex", "show_regex"):
            pattern = getattr(options, name)
            if pattern is not None:
                start[name] = _pattern_text(pattern)
        return start

    def _check_preprocessors(self) -> None:
        from pyinstrument_model import processors

        # Somebody's own function may be there to take out what must not be seen.
        strange = [
            getattr(function, "__qualname__", repr(function))
            for function in self.preprocessors
            if function not in vars(processors).values()
        ]
        if strange:
            raise MisconfigurationError(
                f"{type(self).__name__}: preprocessors holds {', '.join(strange)}, which the "
                "viewer cannot run: it builds its own tree; change the session instead"
            )
        if self.preprocessors:
            warnings.warn(
                "preprocessors has no effect any more: the viewer has them all, as options",
                DeprecationWarning,
                stacklevel=4,
            )


def _pattern_text(pattern: Any) -> str:
    """A compiled expression as text, with those of its flags that the viewer knows."""
    import re

    flags = "".join(
        letter
        for letter, flag in (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL))
        if pattern.flags & flag
    )
    has_own = str(pattern.pattern).startswith("(?" + flags)
    return f"(?{flags}){pattern.pattern}" if flags and not has_own else str(pattern.pattern)
