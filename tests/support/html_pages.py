"""Takes a HTML report apart, as a browser's parser does."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from html.parser import HTMLParser
from typing import Any

from pyinstrument_model import Session


class Page(HTMLParser):
    """What is in a page: text by element, attributes, and the session."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        """Tag and attributes of each, in order."""
        self._open: list[int] = []
        self._text: dict[int, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link"):
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text.setdefault(self._open[-1], []).append(data)

    def texts(self, tag: str, **attributes: str) -> list[str]:
        """Text right in the elements of a tag that have these attributes."""
        return [
            "".join(self._text.get(place, ()))
            for place, (found, has) in enumerate(self.elements)
            if found == tag and attributes.items() <= has.items()
        ]

    def text(self, tag: str, **attributes: str) -> str:
        """Of the one element that there is."""
        (found,) = self.texts(tag, **attributes)
        return found

    def packed(self, identifier: str) -> str:
        """The text that an element holds as base64 of gzip."""
        packed = base64.b64decode(self.text("div", id=identifier))
        return gzip.decompress(packed).decode("utf-8")

    @property
    def session(self) -> Session:
        """The session in the page."""
        return Session.from_bytes(base64.b64decode(self.text("div", id="report-session")))

    @property
    def start(self) -> dict[str, Any]:
        """How the viewer begins."""
        start: dict[str, Any] = json.loads(self.text("div", id="report-config"))
        return start

    @property
    def policy(self) -> dict[str, str]:
        """Directives of the Content-Security-Policy."""
        (content,) = [
            str(has["content"])
            for _, has in self.elements
            if has.get("http-equiv") == "Content-Security-Policy"
        ]
        directives = (part.strip().partition(" ") for part in content.split(";"))
        return {name: value for name, _, value in directives}


def policy_hash(text: str) -> str:
    """Of a script or style, as a Content-Security-Policy has it."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
