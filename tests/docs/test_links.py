"""Links of the documentation lead somewhere, on GitHub as on the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.doc_pages import DOCS, ROOT, anchors_of, links_of, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_to_files_and_headings(page: Path) -> None:
    broken = []
    for link in links_of(page.read_text(encoding="utf-8")):
        target = (page.parent / link.target) if link.target else page
        if not target.exists():
            broken.append(link.target)
        elif link.anchor and link.anchor not in anchors_of(target.read_text(encoding="utf-8")):
            broken.append(f"{link.target}#{link.anchor}")
    assert broken == []


def test_links_between_pages_of_the_site_stay_in_it() -> None:
    outside = [
        f"{page.relative_to(ROOT)}: {link.target}"
        for page in DOCS.rglob("*.md")
        for link in links_of(page.read_text(encoding="utf-8"))
        if link.target and DOCS not in (page.parent / link.target).resolve().parents
    ]
    assert outside == []


def test_files_that_the_walk_through_names_exist() -> None:
    import re

    text = (DOCS / "contribute/architecture.md").read_text(encoding="utf-8")
    walk = text.split("## What happens when you run")[1].split("\n## ")[0]
    named = re.findall(r"`((?:packages|frontend)/[^`]+)`", walk)
    phases = re.findall(r"(?m)^\*\*[0-9]+\. ", walk)
    assert [path for path in named if not (ROOT / path).is_file()] == []
    assert len(named) > 20 and len(phases) == 8
    assert [part for part in walk.split("\n\n**")[1:] if "`packages/" not in part] == []
