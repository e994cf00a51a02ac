"""The HTML renderer, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.html import HTMLRenderer

__all__ = ["HTMLRenderer"]
