"""Which stack was a thread running? ``Sampler`` → ``Recording``; standard library only."""

from __future__ import annotations

from .errors import (
    ClockError,
    EngineUnavailableError,
    InvalidOptionError,
    SamplerError,
    SamplerStateError,
    UnknownThreadError,
)
from .recording import Frame, FrameKind, Location, Recording, RecordingFacts, Sample, SampleState
from .sampler import Sampler

__all__ = [
    "ClockError",
    "EngineUnavailableError",
    "Frame",
    "FrameKind",
    "InvalidOptionError",
    "Location",
    "Recording",
    "RecordingFacts",
    "Sample",
    "SampleState",
    "Sampler",
    "SamplerError",
    "SamplerStateError",
    "UnknownThreadError",
]
