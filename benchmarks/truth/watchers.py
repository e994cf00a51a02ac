"""The ways to watch a program from within its own process; each answers with an ``Observation``.

They import what they need when they are made, so that a worker holds nothing that it does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from truth import driving
from truth.observation import NATIVE_FILE, Observation, ObservationBuilder, Place

if TYPE_CHECKING:
    from pyinstrument_sampler.recording import Recording


class Watcher(Protocol):
    """Something that looks at the calling thread between its start and its stop."""

    def start(self) -> None:
        """Begins; whatever it raises is the reason to leave the watcher out."""

    def stop(self) -> Observation:
        """Ends, and tells what was seen."""


class NoWatcher:
    """For programs that are watched from outside."""

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> Observation:
        """Nothing was seen."""
        return _builder().build()


class EngineWatcher:
    """One of our engines."""

    def __init__(self, engine: str, interval_s: float, clock: str = "wall") -> None:
        from pyinstrument_sampler import Sampler

        self._clock = clock

        # Whatever the thread runs is what is compared: no await chains.
        self._sampler = Sampler(interval_s, engine=engine, async_mode="disabled")

    def start(self) -> None:
        """Raises ``EngineUnavailableError`` where the engine cannot run."""
        self._sampler.start()

    def stop(self) -> Observation:
        """The recording, with durations or CPU times as weights."""
        return from_recording(self._sampler.stop(), self._clock)


def from_recording(recording: Recording, clock: str = "wall") -> Observation:
    """What a recording says. Time without a stack (``[unobserved]``) is left out, with a note."""
    from pyinstrument_sampler.recording import FrameKind

    builder = _builder()
    weights: dict[int, int] = {}
    times = recording.samples.cpu_ns if clock == "cpu" else recording.samples.duration_ns
    for stack, duration in zip(recording.samples.stack, times):
        weights[stack] = weights.get(stack, 0) + duration
    synthetic_ns = 0
    for stack, weight in weights.items():
        locations = recording.stack(stack)
        if any(location.frame.kind is FrameKind.SYNTHETIC for location in locations):
            synthetic_ns += weight
            continue
        path = [
            (_place(at.frame.function, at.frame.file, at.frame.first_line), at.line)
            for at in locations
        ]
        builder.add(path, weight)
    builder.samples = recording.facts.sample_count
    builder.notes.extend(recording.facts.notes)
    if synthetic_ns:
        builder.notes.append(f"{synthetic_ns / 1e6:.1f} ms without a stack left out")
    return builder.build()


class UpstreamWatcher:
    """The released ``pyinstrument``: needs an environment in which that name means it."""

    def __init__(self, interval_s: float) -> None:
        # By name: type checkers would take ours.
        made = import_module("pyinstrument").Profiler(interval=interval_s, async_mode="disabled")
        self._profiler: Any = made

    def start(self) -> None:
        """Begins profiling."""
        self._profiler.start()

    def stop(self) -> Observation:
        """Its records, with their times as weights."""
        session = self._profiler.stop()
        builder = _builder()
        for identifiers, seconds in session.frame_records:
            builder.add([_place_of_identifier(text) for text in identifiers], seconds)
        builder.samples = session.sample_count
        return builder.build()


def _place_of_identifier(text: str) -> tuple[Place, int]:
    """From ``function NUL file NUL first line``, then attributes, each after a ``\\x01``."""
    identity, *attributes = text.split("\x01")
    function, file, first_line = identity.split("\x00")
    lines = [int(attribute[1:]) for attribute in attributes if attribute.startswith("l")]
    return _place(function, file, int(first_line)), lines[0] if lines else 0


def _place(function: str, file: str, first_line: int) -> Place:
    if file == NATIVE_FILE:
        return Place(function.rpartition(".")[2], NATIVE_FILE, 0)
    return Place(function, file, first_line)


def _builder() -> ObservationBuilder:
    return ObservationBuilder(driving.ROOT)
