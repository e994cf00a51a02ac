"""A program that embeds the sampler alone: nothing else of pyinstrument can be imported.

Its argument is the engine that the recording must have been made with.
"""

import importlib.util
import sys

from busy import be_busy

from pyinstrument_sampler import Sampler

with Sampler(interval=0.001) as sampler:
    be_busy()
recording = sampler.recording
assert recording is not None
names = [recording.strings[name] for name in recording.frames.function]
others = ("pyinstrument", "pyinstrument_model", "pyinstrument_renderers")
assert "be_busy" in names, names
assert len(recording.samples.stack) > 0
assert [name for name in others if importlib.util.find_spec(name)] == []
assert recording.facts.engine == sys.argv[1], recording.facts
print(f"embedded: {len(recording.samples.stack)} samples; {recording.facts.engine_reason}")
