"""Puts a page together: the viewer, packed, with its loader; the session's bytes; where to start.

Content-Security-Policy (https://www.w3.org/TR/CSP3/) allows exactly those scripts and that style,
by their hashes, and no request: what is in a session cannot become code, whatever it is called.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from ..units import short_duration
from .viewer import Viewer, load_viewer

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

# The icon is in the page since a browser would ask a server for one.
_ICON = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M1 2h14v3H1zM4 6.5h11v3H4zM7 11h5v3H7z' fill='%23d9822b'/%3E%3C/svg%3E"
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 3 << 18
"""Bytes of the session a piece; a multiple of three, so that base64 pads the last one only."""


def page_parts(session: Session, start: Mapping[str, Any]) -> Iterator[str]:
    """The pieces of a page that shows a session; *start* is how the viewer begins."""
    viewer = load_viewer()
    packed = session.to_bytes()
    yield _HEAD.format(
        policy=html.escape(content_security_policy(viewer)),
        icon=_ICON,
        title=_text_in_markup(_title(session)),
    )
    for place in range(0, len(packed), _CHUNK):
        yield base64.b64encode(packed[place : place + _CHUNK]).decode("ascii")
    yield _TAIL.format(
        config=_json_in_markup(start),
        style=_packed(viewer.style),
        script=_packed(viewer.script),
        loader=viewer.loader,
    )


def content_security_policy(viewer: Viewer) -> str:
    """Nothing but the viewer itself, and images that are in the page."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_hash(viewer.loader)}' '{_hash(viewer.script)}'",
            f"style-src '{_hash(viewer.style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _packed(text: str) -> str:
    # Without the time of day, so that the same session is the same page.
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _title(session: Session) -> str:
    """The same before the viewer has started, and where scripts do not run."""
    duration = short_duration(session.facts.duration_ns)
    name = _UNPRINTABLE.sub("\ufffd", session.target_description)
    return " · ".join([*([name] if name else []), duration, "pyinstrument"])


def _text_in_markup(text: str) -> str:
    return html.escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _json_in_markup(value: Mapping[str, Any]) -> str:
    """JSON without a character that means something to an HTML parser."""
    text = json.dumps(value)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="pyinstrument">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{icon}">
</head>
<body>
<div id="report"></div>
<noscript>This report is drawn by the script in it: allow JavaScript for this file.</noscript>
<div id="report-session" hidden>"""

_TAIL = """\
</div>
<div id="report-config" hidden>{config}</div>
<div id="report-style" hidden>{style}</div>
<div id="report-script" hidden>{script}</div>
<script>{loader}</script>
</body>
</html>
"""
