"""The text report, compared as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any, Callable

from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer

NewSession = Callable[..., Session]
Body = Callable[..., str]

HEADER = """
 |-- p y i n s t r u m e n t --|     Recorded: 22:13:20  Samples:  1000
 |--------|-----|  |---|             Duration: 1.000     CPU time: 0.250
   |---|    |--|                     CPython 3.12.1

Program: app.py

"""
LEGEND = "Calls inside libraries are hidden; --show-all (show_all=True) shows them\n"
FACTS = "Sampled every 1 ms; reference is the best engine available here\n\n"


def render(session: Session, **options: Any) -> str:
    return ConsoleRenderer(**options).render(session)


def test_tree_in_ascii(example: Session) -> None:
    tree = """\
1.000 <module>  app.py:1
`- 0.997 main  app.py:20
   |- 0.750 Worker.work  app.py:3
   |  |- 0.400 [self]  app.py
   |  `- 0.350 time.sleep  <built-in>
   |- 0.180 dumps  json/__init__.py:183
   |     [2 frames hidden]  json
   `- 0.067 [self]  app.py

"""
    assert render(example) == HEADER + tree + LEGEND + FACTS


def test_tree_in_unicode(example: Session, body: Body) -> None:
    assert body(example, unicode=True) == dedent(
        """\
        1.000 <module>  app.py:1
        └─ 0.997 main  app.py:20
           ├─ 0.750 Worker.work  app.py:3
           │  ├─ 0.400 [self]  app.py
           │  └─ 0.350 time.sleep  <built-in>
           ├─ 0.180 dumps  json/__init__.py:183
           │     [2 frames hidden]  json
           └─ 0.067 [self]  app.py
        """
    )


def test_percent_of_total(example: Session, body: Body) -> None:
    assert body(example, time="percent_of_total") == dedent(
        """\
        100.0% <module>  app.py:1
        `- 99.7% main  app.py:20
           |- 75.0% Worker.work  app.py:3
           |  |- 40.0% [self]  app.py
           |  `- 35.0% time.sleep  <built-in>
           |- 18.0% dumps  json/__init__.py:183
           |     [2 frames hidden]  json
           `- 6.7% [self]  app.py
        """
    )


def test_timeline_keeps_the_order_of_calls(example: Session, body: Body) -> None:
    assert body(example, timeline=True) == dedent(
        """\
        1.000 <module>  app.py:1
        `- 0.997 main  app.py:20
           |- 0.650 Worker.work  app.py:3
           |  |- 0.300 [self]  app.py
           |  `- 0.350 time.sleep  <built-in>
           |- 0.180 dumps  json/__init__.py:183
           |     [2 frames hidden]  json
           |- 0.100 Worker.work  app.py:3
           `- 0.067 [self]  app.py
        """
    )


def test_show_all_hides_nothing_and_needs_no_legend(example: Session) -> None:
    tree = """\
1.000 <module>  app.py:1
|- 0.997 main  app.py:20
|  |- 0.750 Worker.work  app.py:3
|  |  |- 0.400 [self]  app.py
|  |  `- 0.350 time.sleep  <built-in>
|  |- 0.180 dumps  json/__init__.py:183
|  |  `- 0.180 JSONEncoder.encode  json/encoder.py:183
|  |     |- 0.150 JSONEncoder.iterencode  json/encoder.py:205
|  |     `- 0.030 [self]  json/encoder.py
|  `- 0.067 [self]  app.py
`- 0.003 [self]  app.py

"""
    assert render(example, show_all=True) == HEADER + tree + FACTS


def test_short_mode_is_a_dotted_block(example: Session) -> None:
    assert render(example, short_mode=True) == dedent(
        """
        pyinstrument ........................................
        .
        .  Program: app.py
        .
        .  1.000 <module>  app.py:1
        .  `- 0.997 main  app.py:20
        .     |- 0.750 Worker.work  app.py:3
        .     |  |- 0.400 [self]  app.py
        .     |  `- 0.350 time.sleep  <built-in>
        .     |- 0.180 dumps  json/__init__.py:183
        .     |     [2 frames hidden]  json
        .     `- 0.067 [self]  app.py
        .
        .....................................................

        """
    )


def test_lines_show_where_in_a_function_with_source(example: Session, body: Body) -> None:
    assert body(example, lines=True, unicode=True) == dedent(
        """\
        1.000 <module>  app.py:1
        │  1.000 :30
        └─ 0.997 main  app.py:20
           │  0.997 :21
           ├─ 0.750 Worker.work  app.py:3
           │  │  0.650 :5  total += step(item)
           │  │  0.100 :6  time.sleep(0.1)
           │  ├─ 0.400 [self]  app.py
           │  └─ 0.350 time.sleep  <built-in>
           ├─ 0.180 dumps  json/__init__.py:183
           │     0.180 :200
           │     [2 frames hidden]  json
           └─ 0.067 [self]  app.py
        """
    )


def test_lines_of_a_live_profile_are_read_from_the_files(
    new_session: NewSession, body: Body, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("def f():\n\tx = 1;\ty = 2\n", encoding="utf-8")
    session = new_session([([("f", str(script), 1, "", 2)], 100)])

    assert body(session, lines=True) == (f"0.100 f  {script}:1\n   0.100 :2  x = 1;  y = 2\n")


def test_exits_of_a_group_are_shown_below_its_remark(
    new_session: NewSession, calls_back_from_json: Any, body: Body
) -> None:
    assert body(new_session(calls_back_from_json), unicode=True) == dedent(
        """\
        0.500 <module>  app.py:1
        └─ 0.500 main  app.py:20
           └─ 0.500 dumps  json/__init__.py:183
              │  [2 frames hidden]  json
              ├─ 0.310 JSONEncoder.iterencode  json/encoder.py:205
              │  └─ 0.310 convert  app.py:40
              └─ 0.190 JSONEncoder.write  json/encoder.py:300
        """
    )


def test_a_group_that_would_hide_one_frame_hides_none(new_session: NewSession, body: Body) -> None:
    session = new_session([("<module> lib:a lib:b", 100)])

    assert body(session) == dedent(
        """\
        0.100 <module>  app.py:1
        `- 0.100 a  lib/lib.py:10
           `- 0.100 b  lib/lib.py:10
        """
    )


def test_many_libraries_are_cut(new_session: NewSession, body: Body) -> None:
    names = [f"library_{letter}:f" for letter in "abcdefgh"]
    session = new_session([(" ".join(["<module>", *names]), 100), ("<module>", 900)])

    assert "[7 frames hidden]  library_b, library_c, library_d, libr..." in body(session)
    assert "library_d, librar…" in body(session, unicode=True)


def test_what_is_built_in_is_no_library(new_session: NewSession, body: Body) -> None:
    module, library = ("<module>", "/app/app.py", 1), ("read", "/usr/lib/python3/lib.py", 10)
    frozen = ("load", "<frozen importlib.util>", 10)
    session = new_session([([module, library, frozen, "io:open", "io:read"], 100), ([module], 900)])

    assert body(session) == dedent(
        """\
        1.000 <module>  app.py:1
        |- 0.900 [self]  app.py
        `- 0.100 read  lib.py:10
              [3 frames hidden]
        """
    )


def test_await_is_shown_under_the_function_that_awaits(new_session: NewSession, body: Body) -> None:
    session = new_session([("<module> main [await]", 100)])

    assert body(session) == dedent(
        """\
        0.100 <module>  app.py:1
        `- 0.100 main  app.py:10
           `- 0.100 [await]  app.py
        """
    )


def test_colours_tell_shares_and_application_code(example: Session, body: Body) -> None:
    red, yellow, green, dim, end = "\033[31m", "\033[33m", "\033[32m", "\033[2m", "\033[0m"
    app = "\033[38;5;231;48;5;24m"
    assert body(example, color=True, unicode=True) == (
        f"{red}1.000{end} {app}<module>{end}  {dim}app.py:1{end}\n"
        f"└─ {red}0.997{end} {app}main{end}  {dim}app.py:20{end}\n"
        f"   ├─ {red}0.750{end} {app}Worker.work{end}  {dim}app.py:3{end}\n"
        f"   │  ├─ {yellow}0.400{end} [self]  {dim}app.py{end}\n"
        f"   │  └─ {yellow}0.350{end} time.sleep  {dim}<built-in>{end}\n"
        f"   ├─ {green}0.180{end} dumps  {dim}json/__init__.py:183{end}\n"
        f"   │     {dim}[2 frames hidden]  json{end}\n"
        f"   └─ {green}0.067{end} [self]  {dim}app.py{end}\n"
    )


def test_colour_changes_nothing_but_colour(example: Session) -> None:
    import re

    for options in ({}, {"flat": True}, {"lines": True, "width": 50}, {"short_mode": True}):
        colored = render(example, color=True, **options)
        assert re.sub(r"\033\[[\d;]*m", "", colored) == render(example, **options)


def test_text_without_colour_does_not_import_rich(example: Session, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pyinstrument_model.session import Session\n"
        "from pyinstrument_renderers.console import ConsoleRenderer\n"
        "session = Session.load(sys.argv[1])\n"
        "for options in {}, {'flat': True}, {'lines': True}:\n"
        "    ConsoleRenderer(unicode=True, width=80, **options).render(session)\n"
        "print('rich' in sys.modules)\n"
        "ConsoleRenderer(color=True).render(session)\n"
        "print('rich' in sys.modules)"
    )
    saved = str(tmp_path / "example.pyisession")
    example.save(saved)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, saved]

    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)

    assert done.stdout == "False\nTrue\n"


def test_an_empty_profile_says_so(new_session: NewSession, body: Body) -> None:
    session = new_session([], sample_count=0)

    assert render(session) == (
        HEADER.replace("1000", "0")
        + "No samples were recorded.\n\n"
        + "reference is the best engine available here\n\n"
    )
    assert body(session, flat=True) == "No samples were recorded.\n"
