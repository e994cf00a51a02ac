"""The standard output that the command was started with, for reports that go there.

The program may replace, detach or close ``sys.stdout``, and its reader may have gone away.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from pyinstrument_renderers.errors import OutputError
from pyinstrument_renderers.outputs import encode, write_stream
from pyinstrument_renderers.terminal import is_terminal

NAME = "standard output"


class StandardOutput:
    """Remembers ``sys.stdout`` as it is now, and writes to it later."""

    def __init__(self) -> None:
        self.stream: Any = sys.stdout
        self.is_terminal = is_terminal(self.stream)
        self._descriptor = _descriptor(self.stream)

    def write(self, report: str | bytes) -> None:
        """Writes a report after what the program has printed; a reader that has gone is no error.

        Raises ``OutputError``.
        """
        if self.stream is None:
            raise OutputError(NAME, "there is none (use -o FILE)")
        try:
            self._flush_programs_stream()
            if self._is_detached():
                self._write_to_descriptor(report)
            else:
                self._write_to_stream(report)
        except BrokenPipeError:
            self._silence()
        except (OSError, ValueError) as error:  # ValueError: the program has closed it
            raise OutputError(NAME, str(error)) from error

    def write_past_buffers(self, report: str | bytes) -> None:
        """Writes a report in the middle of anything, even of a ``print`` that a signal
        interrupted: what the program has printed but not flushed stays where it is."""
        try:
            self._write_to_descriptor(report)
        except BrokenPipeError:
            return
        except OSError as error:
            raise OutputError(NAME, str(error)) from error

    def _flush_programs_stream(self) -> None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except Exception:  # anything can have been put there, also what cannot be flushed
            pass

    def _is_detached(self) -> bool:
        """Whether the program has made another stream of this one's buffer."""
        try:
            self.stream.closed  # noqa: B018  # a detached stream raises
        except ValueError:
            return not getattr(sys.stdout, "closed", True)
        return False

    def _write_to_stream(self, report: str | bytes) -> None:
        self.stream.flush()  # what fails here is the program's own output, as without us
        try:
            if isinstance(report, str):
                write_stream(self.stream, report)
            else:
                self.stream.buffer.write(report)
            self.stream.flush()
        except OSError:
            self._silence()  # what is left of the report would fail again at exit
            raise

    def _write_to_descriptor(self, report: str | bytes) -> None:
        if self._descriptor is None:
            raise OSError("it is no file")
        data = encode(report) if isinstance(report, str) else report
        while data:
            data = data[os.write(self._descriptor, data) :]

    def _silence(self) -> None:
        """Keeps the interpreter from failing when it flushes what cannot be written."""
        if self._descriptor is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._descriptor)
            os.close(nowhere)


def _descriptor(stream: Any) -> int | None:
    try:
        return int(stream.fileno())
    except (AttributeError, OSError, ValueError):  # a stream in memory
        return None
