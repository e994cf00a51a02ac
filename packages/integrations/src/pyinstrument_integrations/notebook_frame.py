"""A report's page inside a notebook: a frame of its own, which can touch nothing outside."""

from __future__ import annotations

from html import escape

# Without allow-same-origin: the page has no notebook, no cookies and no storage to reach.
_SANDBOX = "allow-scripts allow-downloads allow-popups"


def notebook_frame(page: str, height: int, title: str) -> str:
    """HTML that shows *page*; it may be stored, converted and opened without a kernel."""
    return (
        f'<iframe srcdoc="{_attribute(page)}" title="{_attribute(title)}" sandbox="{_SANDBOX}" '
        'allow="clipboard-write" '
        'style="width: 100%; '
        f"height: {height}px; min-height: 100px; border: 1px solid #8884; "
        'resize: vertical; overflow: auto; background: Canvas; box-sizing: border-box"></iframe>'
    )


def _attribute(text: str) -> str:
    # Lone surrogates cannot be sent to a browser in any encoding.
    return escape(text.encode("utf-8", "replace").decode("utf-8"), quote=True)
