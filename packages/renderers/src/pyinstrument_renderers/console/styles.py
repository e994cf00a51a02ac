"""Styled text: pieces with a meaning, turned into plain text or, by rich, into colours.

Layout is done on pieces, so that colour can never change it; rich is imported only for colour.
"""

from __future__ import annotations

from typing import Callable, Iterable, List, Tuple

Segment = Tuple[str, str]
"""Text, and the name of its style (a key of :data:`STYLES`; ``""`` for none)."""
Line = List[Segment]

STYLES: dict[str, str] = {
    "hot": "red",
    "warm": "yellow",
    "mild": "green",
    "cool": "bright_green dim",
    "application": "color(231) on color(24)",  # 15 would be the theme's white: grey in light ones
    "dim": "dim",
    "source": "cyan",
    "logo": "cyan",
    "warning": "yellow",
}
"""rich's words for each style. Sixteen-colour names follow the terminal's own theme."""

_SHARES = ((0.6, "hot"), (0.2, "warm"), (0.05, "mild"))


def share_style(time_ns: int, root_ns: int) -> str:
    """Style of a time, by its share of the root's."""
    share = time_ns / root_ns if root_ns > 0 else 0.0
    for above, style in _SHARES:
        if share > above:
            return style
    return "cool"


def write_lines(lines: Iterable[Line], color: bool) -> str:
    """The text of *lines*, each ended by a newline; with ANSI escapes when *color*."""
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in lines)
    paint = _painter()
    return "".join("".join(paint(text, style) for text, style in line) + "\n" for line in lines)


def _painter() -> Callable[[str, str], str]:
    # Style.render writes escapes directly: a Console would wrap, crop and measure every line
    # again, which takes seconds for the hundred thousand lines of a big tree.
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(words) for name, words in STYLES.items()}

    def paint(text: str, style: str) -> str:
        if not style or not text:
            return text
        return styles[style].render(text, color_system=ColorSystem.EIGHT_BIT)

    return paint


def printable(text: str) -> str:
    """*text* with control characters escaped: a file name must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or "\udc80" <= c <= "\udcff" else repr(c)[1:-1] for c in text
    )
