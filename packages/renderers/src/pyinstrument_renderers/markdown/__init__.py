"""The report for pull requests and language models, short by default."""

from __future__ import annotations

from .renderer import MarkdownRenderer

__all__ = ["MarkdownRenderer"]
