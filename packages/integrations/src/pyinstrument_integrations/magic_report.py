"""What becomes of a magic's profile: shown in notebook or terminal, or written to a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pyinstrument_model.recorder import Recorder
from pyinstrument_renderers import registry
from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.interface import Renderer
from pyinstrument_renderers.outputs import write_report, write_stream
from pyinstrument_renderers.report_arguments import (
    asked_arguments,
    default_arguments,
    merged_arguments,
)
from pyinstrument_renderers.settings import load_settings
from pyinstrument_renderers.terminal import supports_color, supports_unicode, terminal_width

from .errors import InvalidSettingError
from .magic_options import MagicOptions
from .notebook_frame import notebook_frame
from .report_format import default_renderer
from .settings import record_options

if TYPE_CHECKING:
    from pyinstrument_model.session import Session


class MagicReport:
    """The report of one run; everything that can be wrong is found when this is made."""

    def __init__(self, shell: Any, options: MagicOptions) -> None:
        """Raises ``InvalidSettingError``, or what the renderers raise."""
        self._shell = shell
        self._options = options
        self._settings = load_settings()
        self._path = None if options.outfile is None else _checked_path(options.outfile)
        self._name = self._renderer_name()
        asked = asked_arguments(options)
        supported = registry.option_names(registry.renderer_class(self._name))
        for name in asked:
            if supported is not None and name not in supported:
                raise InvalidSettingError(
                    f"renderer {self._name} has no option {name!r}; its options are: "
                    f"{', '.join(supported) or 'none'}"
                )
        self._asked = asked
        self._renderer = self._create(self._name, self._appearance())
        if self._path is None and getattr(self._renderer, "output_is_binary", False):
            raise InvalidSettingError(
                f"renderer {self._name!r} writes binary data: give a file, like -o profile"
            )
        self._record_options = record_options(
            self._settings,
            interval=options.interval,
            async_mode=options.async_mode,
            threads=options.threads,
            engine=options.engine,
        )

    def recorder(self) -> Recorder:
        """A recorder as it was asked for."""
        return self._record_options.recorder()

    def show(self, session: Session) -> None:
        """Shows or writes the report. Raises ``RendererError``."""
        if self._options.source is False or self._settings.source is False:
            session = session.without_sources()
        elif not session.sources:  # a cell may be edited before the report is made
            session = session.with_sources()
        if self._path is not None:
            path = self._path
            write_report(path, self._renderer, session)
            print(f"The report of {session.target_description} is in {path}")
        elif self._is_page() and _shows_html(self._shell):
            self._display(session)
        else:
            write_stream(sys.stdout, f"{_text(self._renderer, session)}\n")

    def _display(self, session: Session) -> None:
        from IPython.display import display

        page = _text(self._renderer, session)
        plain = _text(self._create("text", {"unicode": True}), session)
        title = f"{session.target_description} - pyinstrument"
        frame = notebook_frame(page, self._options.height, title)
        display({"text/html": frame, "text/plain": plain}, raw=True)

    def _is_page(self) -> bool:
        return getattr(self._renderer, "output_file_extension", "") == "html"

    def _renderer_name(self) -> str:
        if self._options.renderer is not None:
            return registry.canonical_name(self._options.renderer)
        if self._options.outfile is not None:
            return registry.renderer_name_for_path(self._options.outfile)
        if self._settings.renderer is not None:
            return registry.canonical_name(self._settings.renderer)
        return default_renderer() if _shows_html(self._shell) else "text"

    def _create(self, name: str, given: dict[str, Any]) -> Renderer:
        supported = registry.option_names(registry.renderer_class(name))
        defaults = {**given, **default_arguments(self._options, self._settings)}
        arguments = merged_arguments(supported, defaults, self._asked)
        return registry.create_renderer(name, arguments)

    def _appearance(self) -> dict[str, Any]:
        """How a text report looks where it goes."""
        if self._name != "text":
            return {}
        if self._path is not None:
            return {"unicode": self._settings.unicode is not False}
        # A notebook shows colours, but its stdout is no terminal that would say so.
        color = supports_color(sys.stdout) or _shows_html(self._shell)
        unicode = supports_unicode(sys.stdout)
        return {
            "unicode": unicode if self._settings.unicode is None else self._settings.unicode,
            "color": color if self._settings.color is None else self._settings.color,
            "width": terminal_width(sys.stdout),
        }


def _shows_html(shell: Any) -> bool:
    """Whether what a shell displays may be HTML: that of a terminal takes text alone."""
    active = getattr(getattr(shell, "display_formatter", None), "active_types", [])
    return "text/html" in active


def _checked_path(given: str) -> str:
    path = os.path.abspath(os.path.expanduser(given))
    if os.path.isdir(path) or not given:
        raise InvalidSettingError(f"-o {given!r} is a folder: give the name of a file")
    if not os.path.isdir(os.path.dirname(path)):
        raise InvalidSettingError(f"-o {given!r}: there is no folder {os.path.dirname(path)!r}")
    return path


def _text(renderer: Renderer, session: Session) -> str:
    report = renderer.render(session)
    if isinstance(report, str):
        return report
    raise RendererError(f"{type(renderer).__name__} gives binary data: use -o FILE")
