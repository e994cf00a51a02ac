"""Writes a file all or nothing: readers see the old content or the new, never a part."""

from __future__ import annotations

import os
import tempfile


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
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, _mode_for(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode_for(target: str) -> int:
    """The old file's mode, else what ``open`` would give (mkstemp's is the owner's alone)."""
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
