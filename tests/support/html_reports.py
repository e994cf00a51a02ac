"""Writes the reports that a browser opens in tests of the viewer, which know them by name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pyinstrument_model import Session
from pyinstrument_renderers.html import HTMLRenderer

from .hostile_names import HOSTILE_NAMES, named_session
from .made_up_sessions import make_facts

ROOT = Path(__file__).parents[2]
OLDER = ROOT / "tests/cases/sessions/pyinstrument-5.1.3-sync.pyisession"


def write_reports(folder: Path) -> None:
    """``NAME.html`` each."""
    from made_up_sessions import deep, typical

    from pyinstrument_sampler.recording_builder import RecordingBuilder

    profile(folder, "ordinary", "word_count.py")
    profile(folder, "threads", "threads.py", "--threads", "all")
    sessions = {
        "empty": Session(RecordingBuilder().build(make_facts(sample_count=0)), "nothing"),
        "older": Session.load(OLDER),
        "hostile-markup": named_session(HOSTILE_NAMES["script"]),
        "hostile-quotes": named_session(HOSTILE_NAMES["quotes"]),
        "hostile-bytes": named_session("".join(HOSTILE_NAMES.values())),
        "large": Session.from_recording(typical(200_000, threads=4), "large"),
        "deep": Session.from_recording(deep(), "deep"),
    }
    for name, session in sessions.items():
        write(folder, name, HTMLRenderer().render(session))

    ordinary = Session.load(folder / "ordinary.pyisession")
    options = {"hide_regex": ".*/word_.*", "filter_threshold": 0.2}
    renderer = HTMLRenderer(timeline=True, clock="cpu", processor_options=options)
    write(folder, "started-elsewhere", renderer.render(ordinary))
    page = HTMLRenderer().render(ordinary)
    write(folder, "damaged", re.sub('(id="report-session" hidden>[^<]{200})[^<]*', r"\1", page))


def profile(folder: Path, name: str, example: str, *options: str) -> None:
    """A report of a real run, and its session."""
    outputs = ["-o", str(folder / f"{name}.html"), "-o", str(folder / f"{name}.pyisession")]
    command = [sys.executable, "-m", "pyinstrument", *options, *outputs]
    subprocess.run(
        [*command, str(ROOT / "examples" / example)], check=True, stdout=subprocess.DEVNULL
    )


def write(folder: Path, name: str, page: str) -> None:
    (folder / f"{name}.html").write_text(page, encoding="ascii")
