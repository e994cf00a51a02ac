"""The pstats renderer, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.pstats import PstatsRenderer

__all__ = ["PstatsRenderer"]
