"""The pages of the documentation, and what is written in them for machines: code, links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>\S*)[^\n]*\n(?P<text>.*?)^(?P=ticks)\s*$", re.M | re.S
)
LINK = re.compile(r"(?<!\!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"(?:!\[[^\]]*\]\(|(?:src|srcset)=\"|^```\{image\} )([^)\s\"]+)", re.M)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)


class Link(NamedTuple):
    """From a page to something in the repository."""

    target: str
    anchor: str


def pages() -> list[Path]:
    """All Markdown that people read: the site's pages and the READMEs."""
    found = sorted(DOCS.rglob("*.md"))
    found += [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "frontend/README.md"]
    found += sorted(ROOT.glob("packages/*/README.md")) + sorted(
        ROOT.glob("packages/*/src/**/README.md")
    )
    return [path for path in found if "_build" not in path.parts]


def without_code(text: str) -> str:
    """The text in which links are links."""
    return re.sub(r"`[^`\n]+`", "`code`", FENCE.sub("", text))


def links_of(text: str) -> Iterator[Link]:
    """Those that do not lead out of the repository."""
    for target in [*LINK.findall(without_code(text)), *IMAGE.findall(text)]:
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield Link(path, anchor)


def anchors_of(text: str) -> set[str]:
    """What a heading is called in a link, as GitHub and MyST make it."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found
