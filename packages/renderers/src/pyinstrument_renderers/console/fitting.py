"""Makes text fit a number of terminal columns: by cutting what is listed, by wrapping sentences."""

from __future__ import annotations

import unicodedata
from typing import Iterable

from .styles import Line


def text_width(text: str) -> int:
    """Terminal columns of *text*."""
    if text.isascii():
        return len(text)
    width = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def cut_end(text: str, width: int, ellipsis: str) -> str:
    """*text* in at most *width* columns, keeping its start."""
    if text_width(text) <= width:
        return text
    return _take(text, width - text_width(ellipsis)) + _take(ellipsis, width)


def cut_start(text: str, width: int, ellipsis: str) -> str:
    """*text* in at most *width* columns, keeping its end."""
    if text_width(text) <= width:
        return text
    kept = _take(text[::-1], width - text_width(ellipsis))[::-1]
    return _take(ellipsis, width) + kept


def _take(text: str, width: int) -> str:
    if text.isascii():
        return text[: max(0, width)]
    taken = 0
    for index, character in enumerate(text):
        taken += text_width(character)
        if taken > width:
            return text[:index]
    return text


def cut_lines(lines: Iterable[Line], width: int | None, ellipsis: str) -> list[Line]:
    """*lines* in at most *width* columns, each losing what is too much at its end."""
    if width is None:
        return list(lines)
    return [cut_line(line, width, ellipsis) for line in lines]


def cut_line(line: Line, width: int, ellipsis: str) -> Line:
    """*line* in at most *width* columns."""
    found: Line = []
    for text, style in line:
        found.append((cut_end(text, width, ellipsis), style))
        if text_width(text) > width:
            break
        width -= text_width(text)
    return found


def wrap_lines(lines: Iterable[Line], width: int | None) -> list[Line]:
    """Sentences (lines of one piece) in at most *width* columns, broken between words."""
    if width is None:
        return list(lines)
    import textwrap

    return [
        [(part, style)]
        for ((text, style),) in lines
        for part in textwrap.wrap(text, width, subsequent_indent="  ")
    ]
