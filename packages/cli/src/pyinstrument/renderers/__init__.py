"""Renderers, under the path that users of pyinstrument know."""

from __future__ import annotations

from .base import FrameRenderer, MisconfigurationError, PartsRenderer, Renderer
from .console import ConsoleRenderer
from .html import HTMLRenderer
from .jsonrenderer import JSONRenderer
from .pstatsrenderer import PstatsRenderer
from .session import SessionRenderer
from .speedscope import SpeedscopeRenderer

__all__ = [
    "ConsoleRenderer",
    "FrameRenderer",
    "HTMLRenderer",
    "JSONRenderer",
    "MisconfigurationError",
    "PartsRenderer",
    "PstatsRenderer",
    "Renderer",
    "SessionRenderer",
    "SpeedscopeRenderer",
]
