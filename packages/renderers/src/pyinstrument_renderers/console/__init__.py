"""The report in the terminal."""

from .renderer import ConsoleRenderer

__all__ = ["ConsoleRenderer"]
