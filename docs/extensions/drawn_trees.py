"""Trees drawn in the docstring of a module are shown as they are drawn, not as a paragraph."""

from __future__ import annotations

from sphinx.application import Sphinx


def keep_lines(
    app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]
) -> None:
    """Makes the paragraph of such a tree a literal block."""
    drawn = [place for place, line in enumerate(lines) if "── " in line]
    if what != "module" or not drawn:
        return
    first, last = drawn[0] - 1, drawn[-1] + 1  # the line above is the tree's root
    lines[first:last] = ["::", "", *(f"   {line}" for line in lines[first:last]), ""]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", keep_lines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
