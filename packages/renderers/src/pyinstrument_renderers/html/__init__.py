"""The HTML report: one file that holds the session and the viewer which shows it."""

from __future__ import annotations

from .renderer import HTMLRenderer

__all__ = ["HTMLRenderer"]
