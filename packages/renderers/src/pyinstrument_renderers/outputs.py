"""Writes reports so that a failure never costs the file that was there before.

Files are replaced whole (the model's ``atomic_file``); what cannot be replaced, like files mounted
one by one or in a folder that is read-only, is written in place.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, TextIO

from .errors import OutputError

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

    from .interface import PartsRenderer, Renderer

_CANNOT_REPLACE = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS)


def write_output(path: str, data: str | bytes) -> None:
    """Writes a report; text as UTF-8 with ``\\n`` line ends.

    File names in text that were not UTF-8 come out as the bytes they were. Raises ``OutputError``,
    and then a file at *path* that can be replaced still has its old content.
    """
    write_pieces(path, lambda: (data,))


def write_pieces(path: str, make_pieces: Callable[[], Iterable[str | bytes]]) -> None:
    """As :func:`write_output`, for a report that is made while it is written.

    Raises also what making it raises, as it is; the old content is still there then, too.
    *make_pieces* is called again where a file cannot be replaced, which shows at the end only.
    """

    def content() -> Iterator[bytes]:
        try:
            for piece in make_pieces():
                yield encode(piece) if isinstance(piece, str) else piece
        except OSError as error:
            raise _NoPieces(error) from error

    try:
        _write(path, content)
        return
    except _NoPieces as failed:
        fault = failed.error
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error
    raise fault


def write_report(path: str, renderer: Renderer, session: Session) -> None:
    """Renders to a file: large formats while they are made.

    Raises what rendering raises, and ``OutputError``.
    """
    parts_renderer = _parts_renderer(renderer)
    if parts_renderer is None:
        write_output(path, renderer.render(session))
    else:
        write_pieces(path, lambda: parts_renderer.parts(session))


def report_pieces(renderer: Renderer, session: Session) -> Iterable[str | bytes]:
    """The report as it is made, or in one piece if a subclass renders as it likes."""
    parts_renderer = _parts_renderer(renderer)
    return (renderer.render(session),) if parts_renderer is None else parts_renderer.parts(session)


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


class _NoPieces(Exception):
    """Carries a renderer's own ``OSError`` past what is done about those of writing."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.error = error


def _parts_renderer(renderer: Renderer) -> PartsRenderer[Any] | None:
    """The renderer, if it makes its reports piece by piece."""
    from .interface import PartsRenderer

    if isinstance(renderer, PartsRenderer) and type(renderer).render is PartsRenderer.render:
        return renderer
    return None


def _write(path: str, content: Callable[[], Iterable[bytes]]) -> None:
    from pyinstrument_model.atomic_file import write_atomically

    descriptor = _standard_descriptor(path)
    if descriptor is not None:
        _flush_standard_streams()
        with os.fdopen(os.dup(descriptor), "wb") as standard:
            standard.writelines(content())
        return
    is_file = os.path.isfile(path)
    # A rename asks for the folder's permission only: a read-only file must stay one.
    if is_file and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only")
    try:
        write_atomically(path, content())
    except OSError as error:
        if not is_file or error.errno not in _CANNOT_REPLACE:
            raise
        with open(path, "wb") as file:
            file.writelines(content())


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
