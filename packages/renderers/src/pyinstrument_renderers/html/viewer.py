"""The built viewer, as the build hook has put it beside this module: script, style, loader."""

from __future__ import annotations

import pkgutil
import re
from typing import Match, NamedTuple

from ..errors import RendererError

FOLDER = "static"
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_ENDS_SCRIPT = re.compile("<(?=!--|/?script)", re.IGNORECASE)


class Viewer(NamedTuple):
    """What ``frontend/`` is built to."""

    loader: str
    """Ready to be put between the tags; it unpacks the two others."""
    script: str
    style: str


def load_viewer() -> Viewer:
    """Raises ``RendererError`` where it was not built."""
    return Viewer(script_in_markup(_text("loader.js")), _text("app.js"), _text("app.css"))


def script_in_markup(script: str) -> str:
    """The same script in ASCII, without what an HTML parser would take for its end.

    A page in ASCII survives whatever encoding standard output is redirected in; other characters,
    and ``<!--``, ``<script`` and ``</script``, only stand in literals, where an escape means the
    same.
    """
    return _NOT_ASCII.sub(_script_escape, _ENDS_SCRIPT.sub(r"\\x3c", script))


def _script_escape(found: Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(
        f"\\u{int.from_bytes(units[place : place + 2], 'big'):04x}"
        for place in range(0, len(units), 2)
    )


def _text(name: str) -> str:
    try:
        content = pkgutil.get_data(__package__, f"{FOLDER}/{name}")
    except OSError:
        content = None
    if content is None:
        raise RendererError(
            f"the viewer of HTML reports is missing from this installation (no {name}): install "
            "pyinstrument-renderers again; in a checkout, build it with 'hatch run rebuild'"
        )
    # A parser turns any line end into \n, and the hashes in the page are of what it sees.
    return content.decode("utf-8").replace("\r\n", "\n").strip()
