"""The line of a magic: options as the command has them, then the code as it was typed.

argparse would have to split the code into words, and could not put it together again.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .errors import InvalidSettingError

DEFAULT_HEIGHT = 400
HELP = """\
%pyinstrument [options] code        profile a line; its value is returned
%%pyinstrument [options]            profile the cell below

  -r, --renderer NAME     format: html, text, or any other (default: html in a notebook)
  -o, --outfile FILE      write the report to a file; its suffix tells the format
  -p, --render-option KEY=VALUE   option of the renderer; may be given several times
  -t, --timeline          calls in the order they were made
  --show-all              hide nothing
  --hide GLOB, --hide-regex REGEX, --show GLOB, --show-regex REGEX
  --clock wall|cpu        what to measure and order by
  --no-source             no source line in the report
  --interval, -i SECONDS  time between samples (default: 0.001)
  --async_mode MODE       enabled, disabled or strict (default: enabled)
  --threads current|all   whose samples to take (default: current)
  --engine NAME           how to take them (default: auto, the best that can run here)
  --height, -h PIXELS     of the report in a notebook (default: 400)
  --help                  this text
  --                      the end of the options
"""


class MagicOptions(NamedTuple):
    """What a line said; None where it said nothing."""

    code: str = ""
    help: bool = False
    renderer: str | None = None
    outfile: str | None = None
    render_options: tuple[str, ...] = ()
    timeline: bool | None = None
    show_all: bool | None = None
    hide: str | None = None
    hide_regex: str | None = None
    show: str | None = None
    show_regex: str | None = None
    clock: str | None = None
    source: bool | None = None
    interval: float | None = None
    async_mode: str | None = None
    threads: str | None = None
    engine: str | None = None
    height: int = DEFAULT_HEIGHT


_SHORT = {"r": "renderer", "o": "outfile", "p": "render_options", "t": "timeline"}
_SHORT.update(i="interval", h="height")
_LONG = {name: name for name in MagicOptions._fields[1:]}
_LONG["render_option"] = _LONG.pop("render_options")
_LONG["render_option"] = "render_options"
_LONG["no_source"] = _LONG.pop("source")
_LONG["no_source"] = "source"
_FLAGS = {"timeline": True, "show_all": True, "source": False, "help": True}
_TRUTH = {"true": True, "false": False}

_OPTION = re.compile(r"--(?P<long>[A-Za-z][\w-]*)|-(?P<short>[A-Za-z])")
_WORD = re.compile(r"""(?:[^\s'"]|'[^']*'|"[^"]*")+""")
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def parse_magic_line(line: str) -> MagicOptions:
    """What a line asks for. Raises ``InvalidSettingError``."""
    found: dict[str, Any] = {}
    rest = line.strip()
    while rest.startswith("-"):
        if rest == "--" or rest.startswith("-- "):
            rest = rest[2:].lstrip()
            break
        rest = _take_option(rest, found)
    _refuse_conflicts(found)
    return MagicOptions(code=rest, **found)


def _take_option(text: str, found: dict[str, Any]) -> str:
    """Reads the option that a text begins with; gives what follows."""
    match = _OPTION.match(text)
    name = None
    if match is not None:
        long, short = match["long"], match["short"]
        name = _SHORT.get(short) if short else _LONG.get(long.replace("-", "_"))
    if match is None or name is None:
        raise InvalidSettingError(
            f"unknown option {text.split()[0]!r}: %pyinstrument --help lists them; code that "
            "begins with a '-' goes behind '--'"
        )
    rest = text[match.end() :]
    given = match[0]
    if name in _FLAGS:
        value, rest = _flag(given, rest)
        found[name] = value is _FLAGS[name]
        return rest
    if rest.startswith("="):
        rest = rest[1:]
    word = _WORD.match(rest.lstrip())
    if word is None:
        raise InvalidSettingError(f"{given} needs a value")
    rest = rest.lstrip()[word.end() :].lstrip()
    value_text = _QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", word[0])
    if name == "render_options":
        found[name] = (*found.get(name, ()), value_text)
    else:
        found[name] = _value(name, given, value_text)
    return rest


def _flag(given: str, rest: str) -> tuple[bool, str]:
    """A flag may be followed by ``True`` or ``False``, which older versions asked for."""
    word = _WORD.match(rest.lstrip("= "))
    value = None if word is None else _TRUTH.get(word[0].lower())
    if word is None or value is None:
        if rest and not rest[0].isspace():
            raise InvalidSettingError(f"{given} is a flag: it takes no value, or true or false")
        return True, rest.lstrip()
    return value, rest.lstrip("= ")[word.end() :].lstrip()


def _value(name: str, given: str, text: str) -> Any:
    if name == "interval":
        return _number(given, text, float)
    if name == "height":
        height = _number(given, text, int)
        if not 50 <= height <= 10_000:
            raise InvalidSettingError(f"{given} must be from 50 to 10000 pixels, not {height}")
        return height
    if name == "clock" and text not in ("wall", "cpu"):
        raise InvalidSettingError(f"{given} must be wall or cpu, not {text!r}")
    return text


def _number(given: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise InvalidSettingError(f"{given} must be {what}, not {text!r}") from None


def _refuse_conflicts(found: dict[str, Any]) -> None:
    for one, other in (
        ("hide", "hide_regex"),
        ("show", "show_regex"),
        ("show_all", "show"),
        ("show_all", "show_regex"),
    ):
        if found.get(one) and found.get(other):
            names = [f"--{name.replace('_', '-')}" for name in (one, other)]
            raise InvalidSettingError(
                f"{names[0]} and {names[1]} cannot be combined: give one of them"
            )
