"""https://protobuf.dev/programming-guides/encoding: the parts of the wire format that are written.

Fields of value 0 are left out, which means the same.
"""

from __future__ import annotations

_VARINT, _LENGTH = 0, 2


def varint(value: int) -> bytes:
    """A number that is not negative."""
    if value < 0x80:
        return bytes((value,))
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def integer(field: int, value: int) -> bytes:
    """A field with a number."""
    return varint(field << 3 | _VARINT) + varint(value) if value else b""


def message(field: int, content: bytes) -> bytes:
    """A field with a message, or with numbers one after the other."""
    return varint(field << 3 | _LENGTH) + varint(len(content)) + content


def text(field: int, content: str) -> bytes:
    """A field with a string; what is no Unicode, like bytes of a file name, is escaped."""
    return message(field, content.encode("utf-8", "backslashreplace"))
