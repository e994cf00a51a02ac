"""Writes a file all or nothing: readers see the old content or the new, never a part."""

from __future__ import annotations

import os
from typing import Iterable


def write_atomically(path: str, content: bytes | Iterable[bytes]) -> None:
    """Replaces the file at *path*. Raises ``OSError`` and leaves no trace when that fails.

    *content* may be made piece by piece; what that raises leaves no trace either. A link is
    followed, so that it stays a link; a device or pipe is written to directly. A file that is there
    keeps its permissions, and nobody whom they keep out can read the new one while it is written.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as stream:
            stream.writelines(pieces)
        return
    folder, name = os.path.split(target)
    # Beside the target, since a rename cannot cross file systems; short, since names have limits.
    temporary = os.path.join(folder, f".{name[:40]}.{os.urandom(6).hex()}.part")
    mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else None
    try:
        with open(temporary, "xb", opener=None if mode is None else _open_for_owner) as stream:
            if mode is not None:
                os.chmod(temporary, mode)  # before the first byte: who has it open can read on
            stream.writelines(pieces)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
