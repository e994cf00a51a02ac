"""The model alone: a recording becomes a session, which is saved, opened and added up."""

import sys
import tempfile
import time
from pathlib import Path

from pyinstrument_model import Recorder, Session, function_totals


def busy() -> None:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        sum(range(1000))


with Recorder() as recorder:
    busy()
assert recorder.last_session is not None
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "a.pyisession"
    recorder.last_session.save(path)
    session = Session.load(path)
tree = session.call_tree()
functions = [total.function.name for total in function_totals(tree)]
assert "busy" in functions, functions
print(f"totals: {len(functions)} functions, on Python {sys.version.split()[0]}")
