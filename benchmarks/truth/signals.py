"""The reference from 3.11 on: a timer's signal, whose handler looks at the frames of the thread
that it interrupted. Compiled when asked for: needs gcc and the interpreter's headers.
"""

from __future__ import annotations

import ctypes
import subprocess
import sysconfig
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from truth import driving
from truth.observation import Observation, ObservationBuilder, Place

INTERVAL_S = 0.0005
"""Of looks: each takes some microseconds of the program's own time."""

HERE = Path(__file__).parent / "witness"
INCLUDES = Path(__file__).parents[2] / "packages/sampler/src/pyinstrument_sampler/includes"

_SHIM = ("__init__", "__init__")
"""Function and file of a frame that the interpreter puts below ``__init__``: nobody's function."""


class SignalsWatcher:
    """Watches the thread that starts it."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        with tempfile.TemporaryDirectory(prefix="truth-") as folder:
            self._library: Any = ctypes.PyDLL(str(_compile(Path(folder, "signals.so"))))
        self._library.witness_start.argtypes = [ctypes.c_double]
        self._library.witness_stacks.restype = ctypes.POINTER(ctypes.c_uint32)
        for name in ("samples", "lost", "words"):
            getattr(self._library, f"witness_{name}").restype = ctypes.c_size_t
        for name in ("function", "file"):
            getattr(self._library, f"witness_{name}").restype = ctypes.c_char_p

    def start(self) -> None:
        """Raises ``OSError`` where the kernel refuses the timer."""
        if not self._library.witness_start(self._interval_s):
            raise OSError("the kernel gives no timer that signals one thread")

    def stop(self) -> Observation:
        """What the handler noted, a weight of 1 a sample."""
        library = self._library
        library.witness_stop()
        words = library.witness_stacks()[: library.witness_words()]
        stacks: Counter[tuple[int, ...]] = Counter()
        at = 0
        while at < len(words):
            end = at + 1 + words[at]
            stacks[tuple(words[at + 1 : end])] += 1
            at = end
        builder = ObservationBuilder(driving.ROOT)
        for stack, weight in stacks.items():
            path = [_place(library, number) for number in reversed(stack)]
            builder.add([one for one in path if (one[0].function, one[0].file) != _SHIM], weight)
        builder.samples = library.witness_samples()
        if library.witness_lost():
            builder.notes.append(f"{library.witness_lost()} looks told nothing")
        return builder.build()


def _place(library: Any, number: int) -> tuple[Place, int]:
    function = library.witness_function(number).decode()
    file = library.witness_file(number).decode()
    place = Place(function, file, library.witness_first_line(number))
    return place, library.witness_line(number)


def _compile(target: Path) -> Path:
    include = sysconfig.get_path("include")
    sources = [HERE / "signals.c", INCLUDES / "peek_target.c", INCLUDES / "instructions.c"]
    options = ["-O2", "-w", "-shared", "-fPIC", f"-I{INCLUDES}", f"-I{include}"]
    options.append(f"-I{include}/internal")
    command = ["gcc", *options, "-o", target, *sources, "-lrt"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"the witness cannot be compiled: {done.stderr.strip()[-300:]}")
    return target
