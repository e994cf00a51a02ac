"""In which format reports are made, and what a browser must be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.interface import Renderer
from pyinstrument_renderers.outputs import encode, report_pieces
from pyinstrument_renderers.registry import BUILT_IN, create_renderer

from .errors import InvalidSettingError

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

_CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_TEXT = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"


class ReportFormat:
    """A renderer with its options: makes one report after the other, from any thread."""

    def __init__(self, renderer: object = None, options: dict[str, Any] | None = None) -> None:
        """
        Args:
            renderer: A name (``"html"``), an import path, a class, or an instance; by default
                ``"html"``.
            options: For the renderer's constructor.

        Raises ``InvalidSettingError``.
        """
        self.renderer = _renderer(renderer, options or {})
        extension = str(getattr(self.renderer, "output_file_extension", "txt"))
        self.extension = extension.lstrip(".")
        """Of files that hold such a report, without its first dot."""

    @property
    def content_type(self) -> str:
        """For the head of a response."""
        if getattr(self.renderer, "output_is_binary", False):
            return _BINARY
        return content_type_of(f"x.{self.extension}")

    def render(self, session: Session) -> bytes:
        """The report. Raises what the renderer raises."""
        pieces = report_pieces(self.renderer, session)
        return b"".join(encode(piece) if isinstance(piece, str) else piece for piece in pieces)


def content_type_of(file_name: str) -> str:
    """What to call the content of a saved report."""
    suffix = file_name.rpartition(".")[2].lower()
    if suffix in ("pyisession", "pstats", "gz"):
        return _BINARY
    return _CONTENT_TYPES.get(suffix, _TEXT)


def _renderer(wanted: object, options: dict[str, Any]) -> Renderer:
    name = default_renderer() if wanted is None else wanted
    try:
        if isinstance(name, str):
            return create_renderer(name, options)
        found: Any = name(**options) if isinstance(name, type) else name
    except (RendererError, TypeError) as error:
        raise InvalidSettingError(f"renderer {wanted!r}: {error}") from error
    if not callable(getattr(found, "render", None)):
        raise InvalidSettingError(
            f"renderer must be a name, an import path or a renderer, not {wanted!r}"
        )
    if options and not isinstance(name, type):
        raise InvalidSettingError("renderer options belong to a renderer's name or class")
    checked: Renderer = found
    return checked


def default_renderer() -> str:
    """``"html"``, where this installation has it."""
    return "html" if "html" in BUILT_IN else "text"
