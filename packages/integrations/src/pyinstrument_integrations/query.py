"""Whether a query string has a key: asked at every request, so the usual answer is quick."""

from __future__ import annotations

from urllib.parse import unquote_plus


def has_key(query: str, key: str) -> bool:
    """Whether *key* is in *query*, with or without a value."""
    if not query or (key not in query and "%" not in query and "+" not in query):
        return False
    return any(unquote_plus(part.partition("=")[0]) == key for part in query.split("&"))
