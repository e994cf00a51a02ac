"""File names that every system takes, made of text that anybody may have sent."""

from __future__ import annotations

import unicodedata

LIMIT_BYTES = 160
"""File systems allow 255; writers need room for a suffix of their own."""

_SUFFIX_LIMIT = 16

_REPLACED = {character: "_" for character in '/\\:*"<>|'}
_REPLACED["?"] = "_qs_"
_RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{device}{digit}" for device in ("COM", "LPT") for digit in "0123456789¹²³"]
)
"""Windows' devices, which no file can be named after, with any suffix."""


def safe_file_name(text: str, limit_bytes: int = LIMIT_BYTES) -> str:
    """*text* as the name of one file: no folder, nothing hidden, the last suffix kept."""
    name = "".join(map(_safe_character, text)).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not (dot and suffix.isalnum() and len(suffix) <= _SUFFIX_LIMIT):
        stem, suffix = name, ""
    if stem.split(".")[0].strip().upper() in _RESERVED:
        stem = f"_{stem}"
    ending = f".{suffix}" if suffix else ""
    # Letters of other scripts may take four bytes each: there is room for these.
    room = limit_bytes - len(ending.encode())
    # Cutting may end in a character's middle, a space or a dot.
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem or 'profile'}{ending}"


def _safe_character(character: str) -> str:
    found = _REPLACED.get(character)
    if found is not None:
        return found
    # Controls, invisible formats (which reverse the reading direction), lone surrogates.
    return "_" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
