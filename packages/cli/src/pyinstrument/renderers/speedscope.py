"""The speedscope renderer, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.speedscope import SpeedscopeRenderer

__all__ = ["SpeedscopeRenderer"]
