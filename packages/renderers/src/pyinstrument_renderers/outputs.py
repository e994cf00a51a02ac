"""Writes reports so that a failure never costs the file that was there before.

A new file is made beside the target and renamed over it, which is atomic. What cannot be renamed
over (devices, pipes, files mounted one by one) is written in place.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import BinaryIO, TextIO

from .errors import OutputError

_CANNOT_REPLACE = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS)


def write_output(path: str, data: str | bytes) -> None:
    """Writes a report; text as UTF-8 with ``\\n`` line ends.

    File names in text that were not UTF-8 come out as the bytes they were. Raises ``OutputError``,
    and then a regular file at *path* still has its old content.
    """
    content = encode(data) if isinstance(data, str) else data
    try:
        _write(path, content)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error


def encode(text: str) -> bytes:
    """UTF-8; undecodable bytes that came in through file names go out as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that no byte stands behind
        return text.encode("utf-8", "backslashreplace")


def write_stream(stream: TextIO, text: str) -> None:
    """Writes text to a stream, escaping what its encoding cannot say instead of failing."""
    encoding = getattr(stream, "encoding", None)
    if encoding:
        try:
            text.encode(encoding, getattr(stream, "errors", None) or "strict")
        except UnicodeEncodeError:
            text = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)


def _write(path: str, content: bytes) -> None:
    descriptor = _standard_descriptor(path)
    if descriptor is not None:
        _flush_standard_streams()
        with os.fdopen(os.dup(descriptor), "wb") as standard:
            standard.write(content)
        return
    target = os.path.realpath(path)  # a link stays a link
    status = _status(target)
    if status is None:
        _replace(target, content, None)
    elif not stat.S_ISREG(status.st_mode):
        _write_in_place(target, content)
    else:
        # A rename asks for the folder's permission only: a read-only file must stay one.
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only")
        try:
            _replace(target, content, stat.S_IMODE(status.st_mode))
        except OSError as error:
            if error.errno not in _CANNOT_REPLACE:
                raise
            _write_in_place(target, content)


def _replace(target: str, content: bytes, mode: int | None) -> None:
    """Writes a new file and renames it to *target*; *mode* None is what ``open`` would give."""
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, f".pyinstrument-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _write_in_place(target: str, content: bytes) -> None:
    file: BinaryIO
    with open(target, "wb") as file:
        file.write(content)


def _status(target: str) -> os.stat_result | None:
    try:
        return os.stat(target)
    except FileNotFoundError:
        return None


def _standard_descriptor(path: str) -> int | None:
    """The descriptor behind ``/dev/stdout`` and the like.

    Opening those would truncate a file that the stream was redirected to, and renaming would
    leave the stream writing into a deleted one.
    """
    if path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        return 1
    if path in ("/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"):
        return 2
    return None


def _flush_standard_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
