"""The renderer of session files, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.session import SessionRenderer

__all__ = ["SessionRenderer"]
