"""Writes a file all or nothing: readers see the old content or the new, never a part."""

from __future__ import annotations

import os


def write_atomically(path: str, content: bytes) -> None:
    """Replaces the file at *path*. Raises ``OSError`` and leaves no trace when that fails.

    A link is followed, so that it stays a link; a device or pipe is written to directly.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as stream:
            stream.write(content)
        return
    folder, name = os.path.split(target)
    # Beside the target, since a rename cannot cross file systems; short, since names have limits.
    temporary = os.path.join(folder, f".{name[:40]}.{os.urandom(6).hex()}.part")
    try:
        with open(temporary, "xb") as stream:
            stream.write(content)
        if os.path.exists(target):
            os.chmod(temporary, os.stat(target).st_mode & 0o777)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
