"""Programs with a clock of their own, and recordings as short text: what sampler tests share."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import Any, Callable, Iterator

from pyinstrument_sampler import Recording, Sampler
from pyinstrument_sampler.recording import Location

EVERY_EVENT_S = 0.5
"""An interval at which each second of a :class:`FakeClock` is a sample of its own."""


class FakeClock(list):  # type: ignore[type-arg]  # a list, for its C methods
    """A clock in whole seconds that stands still unless the program moves it.

    ``clock += seconds(2)`` moves it without any event; ``clock.append(0)`` moves it by one second
    within the C function ``list.append`` (and ``clock.extend(seconds(2))`` within another).
    """

    def read(self) -> Callable[[], float]:
        """The function to give to ``Sampler(clock=...)``: C code, without events of its own."""
        return self.__len__


def seconds(count: int) -> list[int]:
    """What to add to a :class:`FakeClock`. Call it outside of what is measured."""
    return [0] * count


ONE = seconds(1)
TWO = seconds(2)
THREE = seconds(3)


def sampler(clock: FakeClock, engine: str, **options: Any) -> Sampler:
    """A sampler of which every second of *clock* is a sample."""
    return Sampler(EVERY_EVENT_S, clock=clock.read(), engine=engine, **options)


def frame_text(location: Location) -> str:
    """``function`` or ``Class.function``."""
    frame = location.frame
    return f"{frame.class_name}.{frame.function}" if frame.class_name else frame.function


def rows(recording: Recording) -> list[tuple[str, int]]:
    """Samples in order: path below the code that started the sampling, and whole seconds.

    The path of that code itself is ``""``. Neighbours with the same path are one row, and rows
    without time are left out.
    """
    found: list[tuple[str, int]] = []
    for path, duration_s, _ in _paths(recording):
        if found and found[-1][0] == path:
            found[-1] = (path, found[-1][1] + duration_s)
        else:
            found.append((path, duration_s))
    return found


def totals(recording: Recording) -> dict[str, int]:
    """Whole seconds by path, as in :func:`rows`."""
    found: dict[str, int] = {}
    for path, duration_s, _ in _paths(recording):
        found[path] = found.get(path, 0) + duration_s
    return found


def states(recording: Recording) -> list[tuple[str, str, int]]:
    """As :func:`rows`, with the state's name before the seconds, and nothing merged."""
    return [(path, state, duration_s) for path, duration_s, state in _paths(recording)]


def lines(recording: Recording) -> list[tuple[int, int]]:
    """Line of the innermost frame and whole seconds, sample by sample, those without time out."""
    return [
        (recording.stack(sample.stack)[-1].line, sample.duration_ns // 10**9)
        for sample in recording.iter_samples()
        if sample.duration_ns
    ]


def leaves(recording: Recording) -> list[Location]:
    """Innermost location of each sample that has time."""
    return [
        recording.stack(sample.stack)[-1]
        for sample in recording.iter_samples()
        if sample.duration_ns
    ]


def run_python(program: str, engine: str, *options: str) -> str:
    """Runs *program*, in which ``ENGINE`` is the engine's name, in a process of its own.

    Gives what it printed; fails if it wrote to stderr or its status is not 0.
    """
    run = subprocess.run(
        [sys.executable, *options, "-c", f"ENGINE = {engine!r}\n" + textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if run.returncode or run.stderr:
        raise AssertionError(f"status {run.returncode}, stderr:\n{run.stderr}")
    return run.stdout


def _paths(recording: Recording) -> Iterator[tuple[str, int, str]]:
    stem = [location.frame for location in recording.stack(recording.facts.stem)]
    for sample in recording.iter_samples():
        if not sample.duration_ns:
            continue
        stack = recording.stack(sample.stack)
        if [location.frame for location in stack[: len(stem)]] == stem:
            stack = stack[len(stem) :]
        path = " > ".join(map(frame_text, stack))
        yield path, sample.duration_ns // 10**9, sample.state.name
