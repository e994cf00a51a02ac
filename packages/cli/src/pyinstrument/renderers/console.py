"""The text renderer, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_renderers.console import ConsoleRenderer

__all__ = ["ConsoleRenderer"]
