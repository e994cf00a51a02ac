"""The renderers: every format of theirs is made of one recording."""

import time

from pyinstrument_model import Recorder
from pyinstrument_renderers import registry


def busy() -> None:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        sum(range(1000))


with Recorder() as recorder:
    busy()
assert recorder.last_session is not None
sizes = {
    name: len(registry.create_renderer(name, {}).render(recorder.last_session))
    for name in registry.BUILT_IN
}
assert all(sizes.values()), sizes
text = registry.create_renderer("text", {}).render(recorder.last_session)
assert isinstance(text, str) and "busy" in text, text
print(f"all_formats: {', '.join(sizes)}")
