"""Renderers, under the path that users of pyinstrument know."""

from __future__ import annotations

from .base import FrameRenderer, MisconfigurationError, Renderer
from .console import ConsoleRenderer
from .html import HTMLRenderer
from .jsonrenderer import JSONRenderer
from .session import SessionRenderer

__all__ = [
    "ConsoleRenderer",
    "FrameRenderer",
    "HTMLRenderer",
    "JSONRenderer",
    "MisconfigurationError",
    "Renderer",
    "SessionRenderer",
]
