"""The collapsed format of the interpreter's own profiler, as the reference of the truth harness."""

from __future__ import annotations

import pytest
from truth.observation import Observation, Place
from truth.tachyon import parse_collapsed

START = "tid:7;<frozen runpy>:_run_code:87;worker.py:<module>:54"
DRIVER = "driving.py:repeat_until:16"


def test_stacks_begin_below_the_driver_and_lines_are_kept() -> None:
    raw = (
        f"{START};{DRIVER};one.py:work:9;one.py:Thing.leaf:3 30\n"
        f"{START};{DRIVER};one.py:work:9;one.py:Thing.leaf:4 10\n"
        "tid:7;worker.py:<module>:50 5\n"
    )

    assert parse_collapsed(raw) == Observation(
        stacks={(Place("work", "one.py", 0), Place("leaf", "one.py", 0)): 40},
        others={(Place("<module>", "worker.py", 0),): 5},
        lines={("work", "one.py", 9): 40, ("leaf", "one.py", 3): 30, ("leaf", "one.py", 4): 10},
        samples=45,
    )


def test_what_is_no_frame_is_an_error() -> None:
    with pytest.raises(ValueError, match="not understood: 'work'"):
        parse_collapsed("tid:7;work 3")
