"""Options that benchmarks share, and how what is given is checked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Mapping, Sequence

import environments


def new_parser(description: str | None, prog: str | None = None) -> argparse.ArgumentParser:
    """With the options of every benchmark that makes its environments itself."""
    parser = argparse.ArgumentParser(
        prog=prog, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--python",
        metavar="PATH",
        action="append",
        help="interpreter to measure with; repeatable (default: the one that runs this script)",
    )
    parser.add_argument(
        "--cache",
        metavar="FOLDER",
        type=Path,
        default=environments.ROOT / ".bench",
        help="where virtual environments are kept (default: .bench in the repository)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    return parser


def add_repeat(parser: argparse.ArgumentParser, default: int, what: str) -> None:
    """How often *what* is measured."""
    parser.add_argument(
        "--repeat", type=_at_least_one, default=default, help=f"{what} (default: {default})"
    )


def add_upstream(parser: argparse.ArgumentParser) -> None:
    """Whether the released profiler is measured too."""
    parser.add_argument(
        "--upstream", action="store_true", help=f"also measure {environments.UPSTREAM}"
    )


def chosen(
    parser: argparse.ArgumentParser,
    text: str,
    known: Sequence[str],
    groups: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """The names in *text*, comma-separated, in the order of those that are known; ``all``, and the
    names of *groups*, stand for several."""
    groups = {"all": known, **(groups or {})}
    wanted: list[str] = []
    for name in filter(None, map(str.strip, text.split(","))):
        wanted.extend(groups.get(name, (name,)))
    for name in wanted:
        if name not in known:
            parser.error(f"unknown name {name!r}; there are: {', '.join(known)}")
    return [name for name in known if name in wanted]


def _at_least_one(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a number of at least 1, not {text!r}")
    return number
