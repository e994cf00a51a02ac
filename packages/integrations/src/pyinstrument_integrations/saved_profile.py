"""What a profile folder notes about each report in it: small files beside the reports."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

NOTES_FOLDER = ".pyinstrument"
"""In the profile folder. One note a report, so that any number of processes may write at once."""


class SavedProfile(NamedTuple):
    """One report in a profile folder."""

    file_name: str
    name: str
    kind: str
    route: str
    saved_at: float
    """Unix time."""
    duration: float
    """Seconds."""
    samples: int
    status: str = ""
    """How it ended, in the words of who saved it: a response's status, or ``"failed"``."""


def note_path(folder: str, file_name: str) -> str:
    """Where the note about a report is."""
    return os.path.join(folder, NOTES_FOLDER, f"{file_name}.json")


def note_text(saved: SavedProfile) -> str:
    """A note's content."""
    return json.dumps(saved._asdict())


def read_note(folder: str, file_name: str) -> SavedProfile | None:
    """The note about a report; None where there is none that can be read."""
    try:
        with open(note_path(folder, file_name), encoding="utf-8") as file:
            found: Any = json.load(file)
        # A folder may be written to by others: what is no note of ours is no note.
        return SavedProfile(
            file_name,
            str(found["name"]),
            str(found["kind"]),
            str(found["route"]),
            _seconds(found["saved_at"]),
            _seconds(found["duration"]),
            int(found["samples"]),
            str(found["status"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _seconds(value: object) -> float:
    if isinstance(value, (int, float)) and 0 <= value < 1e11:  # what calendars can show
        return float(value)
    raise ValueError("not a number of seconds")
