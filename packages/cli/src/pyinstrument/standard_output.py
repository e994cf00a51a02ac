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

    def write(self, report: str | bytes) -> None:
        """Writes a report after what the program has printed; a reader that has gone is no error.

        Raises ``OutputError``.
        """
        if self.stream is None:
            raise OutputError(NAME, "there is none (use -o FILE)")
        try:
            self._write(report)
        except BrokenPipeError:
            self._silence()
        except (OSError, ValueError) as error:  # ValueError: the program has closed it
            raise OutputError(NAME, str(error)) from error

    def write_past_buffers(self, report: str | bytes) -> None:
        """Writes a report in the middle of anything, even of a ``print`` that a signal
        interrupted: what the program has printed but not flushed stays where it is."""
        data = encode(report) if isinstance(report, str) else report
        try:
            descriptor = self.stream.fileno()
            while data:
                data = data[os.write(descriptor, data) :]
        except BrokenPipeError:
            return
        except (OSError, ValueError, AttributeError) as error:
            raise OutputError(NAME, str(error)) from error

    def _write(self, report: str | bytes) -> None:
        for stream in (sys.stdout, self.stream):
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
        if isinstance(report, str):
            write_stream(self.stream, report)
        else:
            self.stream.buffer.write(report)
        self.stream.flush()

    def _silence(self) -> None:
        """Nobody reads any more: keeps the interpreter from complaining when it flushes."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stream.fileno())
        os.close(nowhere)
