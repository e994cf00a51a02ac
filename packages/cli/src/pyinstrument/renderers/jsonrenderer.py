"""The JSON renderer, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.json import JSONRenderer

__all__ = ["JSONRenderer"]
