"""The page that lists saved profiles: plain HTML, no scripts, may be opened from the disk."""

from __future__ import annotations

import time
from html import escape
from typing import Sequence
from urllib.parse import quote

from .saved_profile import SavedProfile

_STYLE = """
:root { color-scheme: light dark; }
body {
  font: 14px/1.45 system-ui, sans-serif;
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
}
h1 { font-size: 1.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .35rem .75rem .35rem 0; text-align: left; }
th { font-weight: 600; white-space: nowrap; }
td { vertical-align: top; }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.name { overflow-wrap: anywhere; }
.route { min-width: 11rem; }
.time { white-space: nowrap; }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def index_page(profiles: Sequence[SavedProfile]) -> str:
    """HTML that lists profiles in the given order, with links to files beside it."""
    if profiles:
        rows = "\n".join(_row(saved) for saved in profiles)
        content = (
            "<table>\n<thead><tr><th>Time</th><th>Route</th><th>What</th><th>Status</th>"
            '<th class="number">Seconds</th><th class="number">Samples</th></tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )
    else:
        content = "<p>No profile has been saved yet.</p>"
    count = f"{len(profiles)} profile{'' if len(profiles) == 1 else 's'}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{count} - pyinstrument</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{count}, the newest first</h1>\n{content}\n</body>\n</html>\n"
    )


def _row(saved: SavedProfile) -> str:
    link = escape(quote(saved.file_name))
    what = escape(_readable(f"{saved.kind} {saved.name}".strip()))
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(saved.saved_at))
    return (
        f'<tr><td class="time">{when}</td>'
        f'<td class="name route">{escape(_readable(saved.route))}</td>'
        f'<td class="name"><a href="{link}">{what}</a></td>'
        f"<td>{escape(_readable(saved.status))}</td>"
        f'<td class="number">{saved.duration:.3f}</td>'
        f'<td class="number">{saved.samples}</td></tr>'
    )


def _readable(text: str, limit: int = 300) -> str:
    """Cut to a limit; controls and lone surrogates are shown by their codes."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in cut
    )
