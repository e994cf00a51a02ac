"""Writes into the docs which versions of frameworks the tests ran with.

Of each table the column of the running interpreter, from what is installed beside it, and the
oldest, from `hatch.toml`: `hatch run hatch-test.py3.13:python scripts/tested_versions.py`.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).parents[1]
PAGES = ("docs/guide/web.md", "docs/contribute/integrations.md")
PIN = re.compile(r'"([a-z-]+)==([0-9.]+)"')
NONE = "\N{EN DASH}"
MINOR = ".".join(platform.python_version_tuple()[:2])
COMMAND = f"hatch run hatch-test.py{MINOR}:python scripts/tested_versions.py"


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def distributions_of(label: str) -> list[str]:
    """Of a row, as `Starlette, FastAPI`."""
    return [name.strip().lower() for name in label.split(",")]


def is_header(line: str) -> bool:
    return line.startswith("| | CPython 3.")


def column_of(header: list[str], minor: str) -> int | None:
    """Place of the newest frameworks' column for an interpreter, like `3.13`."""
    names = [cell.split()[-1] if cell.startswith("CPython") else "" for cell in header]
    found = [place for place, name in enumerate(names) if name.rsplit(".", 1)[0] == minor]
    return found[0] if found else None


def rows_of(text: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """Line number, header and cells of each row of the tables of versions."""
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines()):
        if is_header(line):
            header = cells_of(line)
        elif header is not None and not line.startswith("|"):
            header = None
        elif header is not None and not line.startswith("|---"):
            yield number, header, cells_of(line)


def oldest_pins(hatch: str) -> dict[str, str]:
    """Of the environment `oldest` in `hatch.toml`."""
    section = hatch.split("[envs.oldest]")[1].split("[envs.oldest.scripts]")[0]
    return dict(PIN.findall(section))


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def lacking(text: str) -> list[str]:
    """What a page tells of for this interpreter, and is not installed beside it."""
    names = []
    for _, header, cells in rows_of(text):
        place = column_of(header, MINOR)
        if place is not None:
            told = zip(distributions_of(cells[0]), cells[place].split(", "))
            names += [name for name, was in told if was != NONE and installed(name) is None]
    return names


def rewritten(text: str, hatch: str) -> str:
    """A page with the versions of this interpreter, and the oldest, put in."""
    pins = oldest_pins(hatch)
    lines = text.splitlines()
    for number, header, cells in rows_of(text):
        names = distributions_of(cells[0])
        place = column_of(header, MINOR)
        if place is not None:
            cells[place] = ", ".join(installed(name) or NONE for name in names)
        told = zip(names, cells[-1].split(", "))
        cells[-1] = ", ".join(pins.get(name, was) for name, was in told)
        lines[number] = f"| {' | '.join(cells)} |"
    for number, line in enumerate(lines):
        if is_header(line):
            pattern = rf"CPython {re.escape(MINOR)}\.\d+"
            lines[number] = re.sub(pattern, f"CPython {platform.python_version()}", line)
    return "\n".join(lines) + "\n"


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    hatch = (ROOT / "hatch.toml").read_text(encoding="utf-8")
    pages = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
    if names := [name for text in pages.values() for name in lacking(text)]:
        print(
            f"not installed beside this Python {MINOR}: {', '.join(names)}. Use `{COMMAND}`; if one"
            f" supports that version no more, put {NONE} into its cell first",
            file=sys.stderr,
        )
        return 1
    for page, text in pages.items():
        (ROOT / page).write_text(rewritten(text, hatch), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
