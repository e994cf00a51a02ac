"""The table of functions."""

from __future__ import annotations

import csv
import io
from typing import Callable

from support.call_sessions import Call
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.csv import CSVRenderer

NewSession = Callable[..., Session]
HEADER = "function,file,line,is_application_code,self_seconds,total_seconds\n"


def test_the_whole_table(example: Session) -> None:
    encoder = "/usr/lib/python3/json/encoder.py"

    assert CSVRenderer().render(example) == (
        f"{HEADER}"
        "Worker.work,/app/app.py,3,yes,0.400000000,0.750000000\n"
        "time.sleep,<built-in>,,no,0.350000000,0.350000000\n"
        f"JSONEncoder.iterencode,{encoder},205,no,0.150000000,0.150000000\n"
        "main,/app/app.py,20,yes,0.067000000,0.997000000\n"
        f"JSONEncoder.encode,{encoder},183,no,0.030000000,0.180000000\n"
        "<module>,/app/app.py,1,yes,0.003000000,1.000000000\n"
        "dumps,/usr/lib/python3/json/__init__.py,183,no,0.000000000,0.180000000\n"
    )


def test_functions_of_all_threads_are_added_up_by_cpu_time_when_asked_for() -> None:
    rows = list(csv.reader(io.StringIO(CSVRenderer(clock="cpu").render(AT_WORK))))

    assert rows[1] == ["busy", "/app/app.py", "1", "yes", "1.050000000", "1.050000000"]


def test_a_row_is_one_line_whatever_the_names(new_session: NewSession) -> None:
    names = ['a,"b"', "c\nd\r", "\0", "é"]
    text = CSVRenderer().render(new_session([([(name, "/app/x.py", 1) for name in names], 7)]))

    assert text.splitlines()[1:] == [
        "é,/app/x.py,1,yes,0.007000000,0.007000000",
        "\\x00,/app/x.py,1,yes,0.000000000,0.007000000",
        '"a,""b""",/app/x.py,1,yes,0.000000000,0.007000000',
        "c\\nd\\r,/app/x.py,1,yes,0.000000000,0.007000000",
    ]


def test_time_outside_of_all_functions_has_a_row(new_session: NewSession) -> None:
    text = CSVRenderer().render(new_session([([], 10), ("main", 20), ("other", 5)]))

    assert text.endswith("[root],,,,0.010000000,0.010000000\n")


def test_an_empty_session_has_a_header_only(new_session: NewSession) -> None:
    assert CSVRenderer().render(new_session([])) == HEADER


def test_generated_code_has_a_row_for_each_class(new_session: NewSession) -> None:
    order, item = (Call("__init__", "<string>", 2, made) for made in ("Order", "Item"))
    text = CSVRenderer(show_all=True).render(new_session([([item], 20), ([order], 30)]))

    assert text.splitlines()[1:] == [
        "Order.__init__,<string>,2,yes,0.030000000,0.030000000",
        "Item.__init__,<string>,2,yes,0.020000000,0.020000000",
    ]
