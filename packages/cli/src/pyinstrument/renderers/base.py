"""What a renderer is, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.errors import MisconfigurationError
from pyinstrument_renderers.interface import FrameRenderer, PartsRenderer, Renderer

__all__ = ["FrameRenderer", "MisconfigurationError", "PartsRenderer", "Renderer"]
