"""Live reports: each build profiles the examples; the directive ``demo`` shows one in a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
REPORTS = {
    "word_count": [],
    "c_functions": [],
    "async_requests": [],
    "threads": ["--threads", "all"],
}
"""Example → options of its report."""


def make_reports(app: Sphinx) -> None:
    """Writes ``demo/NAME.html`` beside the pages."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    for name, options in REPORTS.items():
        output = ["-o", str(folder / f"{name}.html")]
        command = [sys.executable, "-m", "pyinstrument", *options, *output, f"examples/{name}.py"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


class Demo(Directive):
    """``{demo} NAME``: that example's report in a frame, with a picture where scripts are off."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        (name,) = self.arguments
        if name not in REPORTS:
            raise self.error(f"there is no demo report {name!r}, but {', '.join(REPORTS)}")
        env = self.state.document.settings.env
        up = "../" * env.docname.count("/")
        page = f"{up}demo/{name}.html"
        html = (
            f'<figure class="demo"><iframe src="{page}" loading="lazy" '
            f'title="Report of examples/{name}.py"></iframe><noscript><p>The report needs '
            "JavaScript; there is a picture of one on the first page.</p></noscript>"
            f'<figcaption><a href="{page}">The report of <code>examples/{name}.py</code> in a tab '
            "of its own</a></figcaption></figure>"
        )
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", make_reports)
    app.add_directive("demo", Demo)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
