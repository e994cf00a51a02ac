"""Puts SVG drawings into the page itself, so that they follow its light or dark theme."""

from __future__ import annotations

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class InlineDrawings(SphinxPostTransform):
    """An image of ``pictures/NAME.svg`` becomes the drawing; its text is that of the image."""

    default_priority = 8
    formats = ("html",)

    def run(self) -> None:
        for image in list(self.document.findall(nodes.image)):
            if not image["uri"].endswith(".svg"):
                continue
            source = Path(self.env.srcdir) / image["uri"]
            drawing = source.read_text(encoding="utf-8")
            named = f'<div class="drawing" role="img" aria-label="{escape(image["alt"])}">'
            image.replace_self(nodes.raw("", f"{named}{drawing}</div>", format="html"))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(InlineDrawings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
