"""Ticks of the ``safepoint`` engine at the program's own word, and functions to settle them in."""

from __future__ import annotations

import sys
from collections import defaultdict
from functools import partial
from typing import Any, Callable

from support.sampling import frame_text

from pyinstrument_sampler import Recording, Sampler

BEFORE_ANY_TICK = 1000.0
"""An interval so long that the timer thread never ticks by itself."""


class Ticking:
    """A sampler that ticks when the program says so."""

    def __init__(self, **options: Any) -> None:
        self.sampler = Sampler(BEFORE_ANY_TICK, engine="safepoint", **options)

    def __enter__(self) -> Ticking:
        self.sampler.start(sys._getframe(1))
        run: Any = self.sampler._runs[0]
        self.tick: Callable[..., None] = run.tick
        # A subscript calls this in C: no call instruction, so that no safepoint follows.
        self.unseen: defaultdict[object, None] = _Forgetful(run.tick)
        return self

    def broken(self, frames: int, is_whole: bool = False) -> defaultdict[object, None]:
        """As ``unseen``, but only so many frames can be read before their chain is given back."""
        return _Forgetful(partial(self.tick, frames, is_whole))

    def __exit__(self, *_: object) -> None:
        self.sampler.stop(sys._getframe(1))

    @property
    def recording(self) -> Recording:
        assert self.sampler.recording is not None
        return self.sampler.recording

    def paths(self) -> list[str]:
        """Stacks of the ticks in order, below the function that started the sampling."""
        recording = self.recording
        depth = len(recording.stack(recording.facts.stem))
        found = []
        for sample in list(recording.iter_samples())[:-1]:  # the last one is that of stop()
            found += [
                " > ".join(map(frame_text, recording.stack(sample.stack)[depth:]))
            ] * sample.ticks
        return found


def pass_a_safepoint() -> None:
    """Entering a function is one."""


class _Forgetful(defaultdict):  # type: ignore[type-arg]
    """Makes a value at each look-up: in C, with no frame of its own."""

    __slots__ = ()
