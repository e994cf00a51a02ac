"""Whether a query string has a key: asked at every request, so the usual answer is quick."""

from __future__ import annotations

from urllib.parse import unquote_plus


def has_key(query: str, key: str) -> bool:
    """Whether *key* is in *query*, with or without a value."""
    if not query or (key not in query and "%" not in query and "+" not in query):
        return False
    return any(unquote_plus(part.partition("=")[0]) == key for part in query.split("&"))


def without_key(path: str, query: str, key: str | None) -> str:
    """The path with its query, but for one key."""
    parts = query.split("&") if query else []
    kept = "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) != key)
    return f"{path}?{kept}" if kept else path
