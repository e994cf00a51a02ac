"""One module an output: text, JSON, session files; with settings and the report store.

Nothing is imported here: a run pays for the renderer that it uses. Find renderers by name through
``pyinstrument_renderers.registry``.
"""

from __future__ import annotations

__all__: list[str] = []
