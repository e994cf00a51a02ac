"""The renderers: every format of theirs is made of one recording."""

from busy import be_busy

from pyinstrument_model import Recorder
from pyinstrument_renderers import registry

with Recorder() as recorder:
    be_busy()
assert recorder.last_session is not None
sizes = {
    name: len(registry.create_renderer(name, {}).render(recorder.last_session))
    for name in registry.BUILT_IN
}
assert all(sizes.values()), sizes
text = registry.create_renderer("text", {}).render(recorder.last_session)
assert isinstance(text, str) and "be_busy" in text, text
print(f"all_formats: {', '.join(sizes)}")
