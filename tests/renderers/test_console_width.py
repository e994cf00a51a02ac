"""Reports fit the terminal, however narrow it is and however deep the tree."""

from __future__ import annotations

from textwrap import dedent
from typing import Any, Callable

import pytest

from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer

NewSession = Callable[..., Session]
Body = Callable[..., str]


def render(session: Session, **options: Any) -> str:
    return ConsoleRenderer(**options).render(session)


def test_a_narrow_terminal_gets_lines_that_fit(example: Session) -> None:
    assert render(example, unicode=True, lines=True, width=36) == dedent(
        """
        Recorded: 22:13:20  Samples:  1000
        Duration: 1.000     CPU time: 0.250
        CPython 3.12.1

        Program: app.py

        1.000 <module>  app.py:1
        │  1.000 :30
        └─ 0.997 main  app.py:20
           │  0.997 :21
           ├─ 0.750 Worker.work  app.py:3
           │  │  0.650 :5  total += step(it…
           │  │  0.100 :6  time.sleep(0.1)
           │  ├─ 0.400 [self]  app.py
           │  └─ 0.350 time.sle…  <built-in>
           ├─ 0.180 dumps  …/__init__.py:183
           │     0.180 :200
           │     [2 frames hidden]  json
           └─ 0.067 [self]  app.py

        Calls inside libraries are hidden;
          --show-all (show_all=True) shows
          them
        Sampled every 1 ms; reference is the
          best engine available here

        """
    )


@pytest.mark.parametrize("width", [30, 37, 80, 120])
def test_no_line_is_wider_than_the_terminal(new_session: NewSession, width: int) -> None:
    names = [f"a_function_with_a_long_name_{level}" for level in range(130)]
    session = new_session([(" ".join(["<module>", *names]), 100)])

    for options in ({}, {"short_mode": True}, {"lines": True}, {"flat": True, "show_all": True}):
        text = render(session, width=width, **options)
        assert max(map(len, text.splitlines())) <= width


def test_wide_characters_count_two_columns(new_session: NewSession, body: Body) -> None:
    session = new_session([("<module> 関数関数関数関数関数", 100)])

    assert body(session, width=30, unicode=True) == dedent(
        """\
        0.100 <module>  app.py:1
        └─ 0.100 関数関数…  app.py:10
        """
    )


def test_where_a_place_has_no_room_the_name_has_it_all(new_session: NewSession, body: Body) -> None:
    session = new_session([("<module> f f f f f walkabout", 100)])

    assert body(session, width=30, unicode=True).splitlines()[-1] == "          └─0.100 walkabout"


def test_indentation_starts_again_in_a_deep_tree(new_session: NewSession) -> None:
    names = [f"f{level}" for level in range(1, 83)]
    session = new_session([(" ".join(["<module>", *names]), 100)])

    text = render(session)
    lines = text.split("\n\n")[2].splitlines()

    assert lines[40] == " " * 39 * 3 + "`- 0.100 f40  app.py:10"
    assert lines[41] == "40+ `- 0.100 f41  app.py:10"
    assert lines[42] == "40+    `- 0.100 f42  app.py:10"
    assert lines[81] == "80+ `- 0.100 f81  app.py:10"
    assert "40+ before a line: it is that many calls deep; its indentation starts again\n" in text


def test_a_very_deep_stack_is_drawn_in_reasonable_space(new_session: NewSession) -> None:
    session = new_session([("<module>" + " descend" * 100_000, 100)])

    for options in ({}, {"width": 80, "lines": True, "unicode": True}, {"color": True}):
        text = render(session, **options)
        assert text.count("descend") == 100_000
        assert len(text) < 20_000_000
