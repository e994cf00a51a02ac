"""Collapsed stacks, line by line."""

from __future__ import annotations

import re
from typing import Callable

from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.collapsed import CollapsedRenderer

NewSession = Callable[..., Session]


def test_the_whole_file(example: Session) -> None:
    main = "<module> (app.py:1);main (app.py:20)"
    encode = f"{main};dumps (json/__init__.py:183);JSONEncoder.encode (json/encoder.py:183)"

    assert CollapsedRenderer().render(example) == (
        "<module> (app.py:1) 3000000\n"
        f"{main} 67000000\n"
        f"{main};Worker.work (app.py:3) 400000000\n"
        f"{main};Worker.work (app.py:3);time.sleep 350000000\n"
        f"{encode} 30000000\n"
        f"{encode};JSONEncoder.iterencode (json/encoder.py:205) 150000000\n"
    )


def test_threads_are_outermost_where_there_are_several() -> None:
    lines = CollapsedRenderer(clock="cpu").render(AT_WORK).splitlines()

    assert lines == [
        "MainThread;<module> (app.py:1);main (app.py:1);work (app.py:1) 495000000",
        "MainThread;<module> (app.py:1);main (app.py:1);sleep_a_bit (app.py:1);time.sleep 20000000",
        "ThreadPoolExecutor-0_0;worker (pool.py:1);run (pool.py:1);crunch (app.py:1) 300000000",
        "worker (thread 102);busy (app.py:1) 950000000",
        "worker (thread 103);busy (app.py:1) 100000000",
    ]


def test_names_cannot_end_a_word_or_a_line(new_session: NewSession) -> None:
    names = ["a;b", "c\nd", "e 5", "\0", "\r", "é\udce9\ud800", "</script>"]
    session = new_session([([(name, "/app/x;y.py", 1) for name in names], 7)])

    text = CollapsedRenderer().render(session)

    assert text == (
        "a:b (x:y.py:1);c\\nd (x:y.py:1);e 5 (x:y.py:1);\\x00 (x:y.py:1);\\r (x:y.py:1);"
        "é\\udce9\\ud800 (x:y.py:1);</script> (x:y.py:1) 7000000\n"
    )
    # What flamegraph.pl and its kin take for a line.
    assert re.fullmatch(r"(.*)\s+(\d+(?:\.\d*)?)", text.rstrip("\n"))


def test_time_outside_of_all_calls_has_a_word(new_session: NewSession) -> None:
    session = new_session([([], 1), ("main", 2), ("other", 3)])

    assert CollapsedRenderer().render(session) == (
        "[root] 1000000\nmain (app.py:10) 2000000\nother (app.py:10) 3000000\n"
    )


def test_an_empty_session_is_an_empty_file(new_session: NewSession) -> None:
    assert CollapsedRenderer().render(new_session([])) == ""
