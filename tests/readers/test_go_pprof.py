"""``go tool pprof`` reads what the pprof renderer writes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from support.call_sessions import example_session
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.pprof import PprofRenderer

ROW = re.compile(r" *(\S+) +\S+% +\S+% +(\S+) +\S+%  (.*)")


def pprof(go: str, folder: Path, session: Session, *arguments: str) -> str:
    """What the tool prints."""
    file = folder / "run.pb.gz"
    file.write_bytes(PprofRenderer().render(session))
    done = subprocess.run(
        [go, "tool", "pprof", *arguments, str(file)],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(folder), "PPROF_TMPDIR": str(folder), "TZ": "UTC"},
        check=True,
    )
    return done.stdout


def table(printed: str) -> dict[str, tuple[str, str]]:
    """Name → time without and with callees."""
    rows = filter(None, map(ROW.fullmatch, printed.splitlines()))
    return {row.group(3): (row.group(1), row.group(2)) for row in rows}


def test_functions_have_their_times(go: str, tmp_path: Path) -> None:
    printed = pprof(go, tmp_path, example_session(), "-top", "-nodefraction=0", "-unit=ms")

    assert "\nType: wall\n" in printed
    assert "\nDuration: 1s, Total samples = 1000ms (  100%)\n" in printed
    assert table(printed) == {
        "Worker.work": ("400ms", "750ms"),
        "time.sleep": ("350ms", "350ms"),
        "JSONEncoder.iterencode": ("150ms", "150ms"),
        "main": ("67ms", "997ms"),
        "JSONEncoder.encode": ("30ms", "180ms"),
        "<module>": ("3ms", "1000ms"),
        "dumps": ("0", "180ms"),
    }


def test_cpu_time_is_there_too(go: str, tmp_path: Path) -> None:
    printed = pprof(go, tmp_path, AT_WORK, "-top", "-sample_index=cpu", "-unit=ms")

    assert table(printed)["busy"] == ("1050ms", "1050ms")


def test_lines_are_there_too(go: str, tmp_path: Path) -> None:
    printed = pprof(
        go, tmp_path, example_session(), "-top", "-lines", "-unit=ms", "-nodefraction=0"
    )

    assert table(printed)["Worker.work /app/app.py:5"] == ("300ms", "650ms")


def test_threads_are_tags(go: str, tmp_path: Path) -> None:
    printed = pprof(go, tmp_path, AT_WORK, "-top", "-tagfocus=thread=Thread 104", "-unit=ms")

    assert table(printed)["queue.get"] == ("10ms", "10ms")
