"""The text report, compared as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent
from typing import Any, Callable

import pytest

from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer
from pyinstrument_renderers.errors import MisconfigurationError

NewSession = Callable[..., Session]

HEADER = """
 |-- p y i n s t r u m e n t --|     Recorded: 22:13:20  Samples:  1000
 |--------|-----|  |---|             Duration: 1.000     CPU time: 0.250
   |---|    |--|                     v1.2.3

Program: app.py

"""
LEGEND = "Hidden frames: library code, or --hide. To show them: --show-all (show_all=True)\n"
FACTS = """\
Engine: reference (nothing better is built here)
Interval: 1 ms wanted, 1 ms reached

"""


def render(session: Session, **options: Any) -> str:
    return ConsoleRenderer(**options).render(session)


def body(session: Session, **options: Any) -> str:
    """The report without its header and what follows the first empty line after it."""
    text = render(session, **options)
    return text.split("\n\n")[2] + "\n"


def _calls(names: list[str]) -> list[Any]:
    """Functions of the application, or ``library:function``; all at line 10 of their file."""
    found = []
    for name in names:
        library, _, function = name.rpartition(":")
        file = f"/usr/lib/python3/{library}/{library}.py" if library else "/app/app.py"
        found.append((function, file, 1 if name == "<module>" else 10))
    return found


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


def test_tree_in_unicode(example: Session) -> None:
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


def test_percent_of_total(example: Session) -> None:
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


def test_timeline_keeps_the_order_of_calls(example: Session) -> None:
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


def test_lines_show_where_in_a_function_with_source(example: Session) -> None:
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


def test_flat_lists_self_time_once(example: Session) -> None:
    rows = """\
0.400 Worker.work  app.py:3
0.350 time.sleep  <built-in>
0.150 JSONEncoder.iterencode  json/encoder.py:205
0.067 main  app.py:20
0.030 JSONEncoder.encode  json/encoder.py:183
0.003 <module>  app.py:1

"""
    assert render(example, flat=True) == HEADER + rows + FACTS


def test_flat_total_counts_recursion_once_and_sums_all_places(new_session: NewSession) -> None:
    from_main = ["<module>", "walk", "walk", "leaf"]
    from_other = ["<module>", "other", "leaf"]
    session = new_session(
        [(_calls(from_main), 700), (_calls(from_main[:3]), 100), (_calls(from_other), 200)]
    )

    assert body(session, flat=True, flat_time="total") == dedent(
        """\
        1.000 <module>  app.py:1
        0.900 leaf  app.py:10
        0.800 walk  app.py:10
        0.200 other  app.py:10
        """
    )
    assert body(session, flat=True) == "0.900 leaf  app.py:10\n0.100 walk  app.py:10\n"


def test_flat_sums_calls_too_small_for_the_tree(new_session: NewSession) -> None:
    samples = [(_calls(["<module>", "main", f"f{n}", "tiny"]), 5) for n in range(200)]

    assert body(new_session(samples), flat=True) == "1.000 tiny  app.py:10\n"


def test_flat_leaves_out_rows_of_a_thousandth_unless_all_are_wanted(
    new_session: NewSession,
) -> None:
    session = new_session([(_calls(["<module>", "big"]), 999), (_calls(["<module>", "dot"]), 1)])

    assert body(session, flat=True) == "0.999 big  app.py:10\n"
    assert body(session, flat=True, show_all=True) == dedent(
        """\
        0.999 big  app.py:10
        0.001 dot  app.py:10
        0.000 <module>  app.py:1
        """
    )


def test_exits_of_a_group_are_shown_below_its_remark(
    new_session: NewSession, calls_back_from_json: Any
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


def test_a_group_that_would_hide_one_frame_hides_none(
    new_session: NewSession, example: Session
) -> None:
    session = new_session([(_calls(["<module>", "lib:a", "lib:b"]), 100)])

    assert body(session) == dedent(
        """\
        0.100 <module>  app.py:1
        `- 0.100 a  lib/lib.py:10
           `- 0.100 b  lib/lib.py:10
        """
    )


def test_many_libraries_are_cut(new_session: NewSession) -> None:
    names = [f"library_{letter}:f" for letter in "abcdefgh"]
    session = new_session([(_calls(["<module>", *names]), 100), (_calls(["<module>"]), 900)])

    assert "[7 frames hidden]  library_b, library_c, library_d, libr..." in body(session)


def test_await_is_shown_under_the_function_that_awaits(new_session: NewSession) -> None:
    session = new_session([((*_calls(["<module>", "main"]), "[await]"), 100)])

    assert body(session) == dedent(
        """\
        0.100 <module>  app.py:1
        `- 0.100 main  app.py:10
           `- 0.100 [await]  app.py
        """
    )


def test_colours_tell_shares_and_application_code(example: Session) -> None:
    red, yellow, green, dim, end = "\033[31m", "\033[33m", "\033[32m", "\033[2m", "\033[0m"
    app = "\033[97;48;5;24m"
    assert body(example, color=True, unicode=True) == (
        f"{red}1.000{end} {app}<module>{end}  {dim}app.py:1{end}\n"
        f"└─ {red}0.997{end} {app}main{end}  {dim}app.py:20{end}\n"
        f"   ├─ {red}0.750{end} {app}Worker.work{end}  {dim}app.py:3{end}\n"
        f"   │  ├─ {yellow}0.400{end} [self]  {dim}app.py{end}\n"
        f"   │  └─ {yellow}0.350{end} time.sleep  {dim}<built-in>{end}\n"
        f"   ├─ {green}0.180{end} dumps  {dim}json/__init__.py:183{end}\n"
        f"   │     [2 frames hidden]{dim}  json{end}\n"
        f"   └─ {green}0.067{end} [self]  {dim}app.py{end}\n"
    )


def test_colour_changes_nothing_but_colour(example: Session) -> None:
    import re

    for options in ({}, {"flat": True}, {"lines": True, "width": 50}, {"short_mode": True}):
        colored = render(example, color=True, **options)
        assert re.sub(r"\033\[[\d;]*m", "", colored) == render(example, **options)


def test_text_without_colour_does_not_import_rich() -> None:
    code = (
        "import sys\n"
        "from pyinstrument_renderers.console import ConsoleRenderer\n"
        "ConsoleRenderer()\n"
        "print('rich' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]

    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)

    assert done.stdout == "False\n"


def test_an_empty_profile_says_so(new_session: NewSession) -> None:
    session = new_session([], sample_count=0)

    assert render(session) == (
        HEADER.replace("1000", "0")
        + "No samples were recorded.\n\n"
        + "Engine: reference (nothing better is built here)\n\n"
    )
    assert body(session, flat=True) == "No samples were recorded.\n"


def test_a_narrow_terminal_gets_lines_that_fit(example: Session) -> None:
    assert render(example, unicode=True, lines=True, width=36) == dedent(
        """
        Recorded: 22:13:20  Samples:  1000
        Duration: 1.000     CPU time: 0.250
        v1.2.3

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

        Hidden frames: library code, or
          --hide. To show them: --show-all
          (show_all=True)
        Engine: reference (nothing better is
          built here)
        Interval: 1 ms wanted, 1 ms reached

        """
    )


@pytest.mark.parametrize("width", [30, 37, 80, 120])
def test_no_line_is_wider_than_the_terminal(new_session: NewSession, width: int) -> None:
    names = [f"a_function_with_a_long_name_{level}" for level in range(130)]
    session = new_session([(_calls(["<module>", *names]), 100)])

    for options in ({}, {"short_mode": True}, {"lines": True}, {"flat": True, "show_all": True}):
        text = render(session, width=width, **options)
        assert max(map(len, text.splitlines())) <= width


def test_wide_characters_count_two_columns(new_session: NewSession) -> None:
    session = new_session([(_calls(["<module>", "関数関数関数関数関数"]), 100)])

    assert body(session, width=30, unicode=True) == dedent(
        """\
        0.100 <module>  app.py:1
        └─ 0.100 関数関数…  app.py:10
        """
    )


def test_indentation_starts_again_in_a_deep_tree(new_session: NewSession) -> None:
    names = [f"f{level}" for level in range(1, 83)]
    session = new_session([(_calls(["<module>", *names]), 100)])

    text = render(session)
    lines = text.split("\n\n")[2].splitlines()

    assert lines[40] == " " * 39 * 3 + "`- 0.100 f40  app.py:10"
    assert lines[41] == "40+ `- 0.100 f41  app.py:10"
    assert lines[42] == "40+    `- 0.100 f42  app.py:10"
    assert lines[81] == "80+ `- 0.100 f81  app.py:10"
    assert "40+ before a line: it is that many calls deep; its indentation starts again\n" in text


def test_a_very_deep_stack_is_drawn_in_reasonable_space(new_session: NewSession) -> None:
    session = new_session([(_calls(["<module>"]) + _calls(["descend"]) * 100_000, 100)])

    for options in ({}, {"width": 80, "lines": True, "unicode": True}, {"color": True}):
        text = render(session, **options)
        assert text.count("descend") == 100_000
        assert len(text) < 20_000_000


def test_engine_interval_and_notes_are_told(new_session: NewSession) -> None:
    session = new_session(
        [(_calls(["<module>"]), 1000)],
        engine="monitoring",
        engine_reason="fastest here.",
        interval_ns=10_000_000,
        sample_count=80,
        notes=("The clock went back once.",),
    )

    assert render(session).split("\n\n")[2:] == [
        "1.00 <module>  app.py:1",
        "Engine: monitoring (fastest here)\n"
        "Interval: 10 ms wanted, 12.5 ms reached\n"
        "Note: The clock went back once.\n"
        "80 samples: treat shares as +-6 %",
        "",
    ]


@pytest.mark.parametrize(
    ("count", "warning"),
    [
        (1, "1 sample: treat shares as ±50 %\n"),
        (12, "12 samples: treat shares as ±14 %\n"),
        (99, "99 samples: treat shares as ±5 %\n"),
        (100, None),
    ],
)
def test_few_samples_come_with_their_uncertainty(
    new_session: NewSession, count: int, warning: str | None
) -> None:
    text = render(new_session([(_calls(["<module>"]), 100)], sample_count=count), unicode=True)

    assert (warning in text) if warning else ("treat shares" not in text)


def test_names_cannot_steer_the_terminal(new_session: NewSession) -> None:
    session = new_session([(_calls(["<module>", "\033[2J"]), 100)], title="a\rb")

    text = render(session)

    assert "\033" not in text and "\r" not in text
    assert "\\x1b[2J" in text and "a\\rb" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"flat": True, "timeline": True}, "'flat' and 'timeline' exclude each other"),
        ({"flat": True, "lines": True}, "'flat' and 'lines' exclude each other"),
        ({"time": "minutes"}, "'time' must be one of seconds, percent_of_total, not 'minutes'"),
        ({"flat_time": "cpu"}, "'flat_time' must be one of self, total, not 'cpu'"),
        ({"color": "yes"}, "'color' must be true or false, not 'yes'"),
        ({"width": 0}, "'width' must be a number of columns above 0, not 0"),
        ({"show_all": 1}, "'show_all' must be true or false, not 1"),
        ({"processor_options": []}, "'processor_options' must be a dictionary, not []"),
        ({"processor_options": {"hide_regex": "("}}, "hide_regex"),
        ({"processor_options": {"nope": 1}}, "nope"),
    ],
)
def test_bad_options_are_refused_on_entry(options: dict[str, Any], message: str) -> None:
    with pytest.raises(MisconfigurationError) as caught:
        ConsoleRenderer(**options)

    assert message in str(caught.value)


def test_processors_can_be_changed(example: Session) -> None:
    renderer = ConsoleRenderer()
    renderer.processors.clear()
    renderer.processor_options["filter_threshold"] = 0

    assert "[2 frames hidden]" not in renderer.render(example)
