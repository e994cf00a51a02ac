"""Fails the build if a page would ask for anything that does not come with the site."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

LOADS = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}


class _Requests(HTMLParser):
    """Addresses elsewhere that a page asks for when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADS.get(tag, ""))
        if (address and address.split(":")[0] in ("http", "https")) or (address or "")[:2] == "//":
            self.found.append(str(address))


def check_pages(app: Sphinx, error: Exception | None) -> None:
    """Raises for the first pages that do."""
    if error is not None or app.builder.format != "html":
        return
    faults = []
    for page in sorted(Path(app.outdir).rglob("*.html")):
        requests = _Requests()
        requests.feed(page.read_text(encoding="utf-8"))
        faults += [f"{page.relative_to(app.outdir)} asks for {found}" for found in requests.found]
    for sheet in sorted(Path(app.outdir).rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        if "url(http" in text or "@import" in text:
            faults.append(f"{sheet.relative_to(app.outdir)} loads from elsewhere")
    if faults:
        raise ExtensionError("pages must be complete in themselves:\n" + "\n".join(faults))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", check_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
