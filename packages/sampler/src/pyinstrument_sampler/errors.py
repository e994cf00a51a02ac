"""Everything the sampler raises on purpose, under one base class.

SamplerError
├── InvalidOptionError (also ValueError)    an argument cannot mean anything
├── UnknownThreadError (also ValueError)    an ident that no living thread has
├── SamplerStateError (also RuntimeError)   started twice, stopped when not running
├── EngineUnavailableError                  the engine asked for cannot run here
└── ClockError                              a custom clock raised; has what was seen
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .recording import Recording


class SamplerError(Exception):
    """Base of all errors of this package."""


class InvalidOptionError(SamplerError, ValueError):
    """An argument of :class:`Sampler` that cannot mean anything."""


class UnknownThreadError(SamplerError, ValueError):
    """``threads=`` names an ident that no living thread has; the message lists those that live."""


class SamplerStateError(SamplerError, RuntimeError):
    """``start`` on a running sampler, ``stop`` or ``snapshot`` on one that never ran."""


class EngineUnavailableError(SamplerError):
    """The engine asked for cannot run here; the message says why and names the alternatives."""


class ClockError(SamplerError):
    """The custom clock raised while sampling; sampling ended there.

    ``recording`` holds what was sampled before; ``__cause__`` is what the clock raised.
    """

    def __init__(self, message: str, recording: Recording) -> None:
        super().__init__(message)
        self.recording = recording
