"""The model alone: a recording becomes a session, which is saved, opened and added up."""

import sys
import tempfile
from pathlib import Path

from busy import be_busy

from pyinstrument_model import Recorder, Session, function_totals

with Recorder() as recorder:
    be_busy()
assert recorder.last_session is not None
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "a.pyisession"
    recorder.last_session.save(path)
    session = Session.load(path)
tree = session.call_tree()
functions = [total.function.name for total in function_totals(tree)]
assert "be_busy" in functions, functions
print(f"totals: {len(functions)} functions, on Python {sys.version.split()[0]}")
