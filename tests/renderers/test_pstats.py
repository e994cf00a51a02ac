"""The pstats file, read by the standard library's own reader."""

from __future__ import annotations

import io
import marshal
import pstats
from pathlib import Path
from typing import Any, Callable

import pytest
from support.call_sessions import MAIN, Call
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.pstats import PstatsRenderer

NewSession = Callable[..., Session]
ENCODER = "/usr/lib/python3/json/encoder.py"


def written(session: Session, **options: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = marshal.loads(PstatsRenderer(**options).render(session))
    return found


def test_the_whole_file(example: Session) -> None:
    module = ("/app/app.py", 1, "<module>")
    main = ("/app/app.py", 20, "main")
    work = ("/app/app.py", 3, "work")
    dumps = ("/usr/lib/python3/json/__init__.py", 183, "dumps")
    encode = (ENCODER, 183, "encode")

    assert written(example) == {
        module: (0, 0, 0.003, 1.0, {}),
        main: (0, 0, 0.067, 0.997, {module: (0, 0, 0.067, 0.997)}),
        work: (0, 0, 0.4, 0.75, {main: (0, 0, 0.4, 0.75)}),
        ("~", 0, "<built-in method time.sleep>"): (0, 0, 0.35, 0.35, {work: (0, 0, 0.35, 0.35)}),
        dumps: (0, 0, 0.0, 0.18, {main: (0, 0, 0.0, 0.18)}),
        encode: (0, 0, 0.03, 0.18, {dumps: (0, 0, 0.03, 0.18)}),
        (ENCODER, 205, "iterencode"): (0, 0, 0.15, 0.15, {encode: (0, 0, 0.15, 0.15)}),
    }


def test_recursion_is_counted_once(new_session: NewSession) -> None:
    session = new_session(
        [("main f f f", 1000), ("main f g f", 500), ("main f g f g", 250), ("main", 125)]
    )
    main, f, g = (("/app/app.py", 10, name) for name in ("main", "f", "g"))
    merged = {key[2]: row for key, row in written(session).items()}

    assert {name: row[:4] for name, row in merged.items()} == {
        "main": (0, 0, 0.125, 1.875),
        "f": (0, 0, 1.5, 1.75),
        "g": (0, 0, 0.25, 0.75),
    }
    assert merged["f"][4] == {
        main: (0, 0, 0.0, 1.75),
        f: (0, 0, 1.0, 1.0),
        g: (0, 0, 0.5, 0.75),
    }
    assert merged["g"][4] == {f: (0, 0, 0.25, 0.75)}


def test_the_standard_library_reads_and_prints_it(example: Session, tmp_path: Path) -> None:
    file = tmp_path / "run.pstats"
    file.write_bytes(PstatsRenderer().render(example))
    text = io.StringIO()

    stats: Any = pstats.Stats(str(file), stream=text)
    stats.strip_dirs().sort_stats("cumulative").print_stats().print_callers().print_callees()

    printed = text.getvalue()
    assert "0 function calls in 1.000 seconds" in printed
    assert "        0    0.400             0.750          app.py:3(work)\n" in printed
    assert "{built-in method time.sleep}" in printed
    assert stats.total_tt == pytest.approx(1.0)


def test_two_files_can_be_added_up(example: Session, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(PstatsRenderer().render(example))

    stats: Any = pstats.Stats(str(tmp_path / "a"), str(tmp_path / "b"))

    assert stats.stats["/app/app.py", 3, "work"][:4] == (0, 0, 0.8, 1.5)


def test_threads_are_the_callers_of_what_they_ran() -> None:
    stats = written(AT_WORK)

    assert stats["~", 0, "<thread MainThread>"] == (0, 0, 0.0, 2.012, {})
    assert stats["/app/app.py", 1, "busy"] == (
        0,
        0,
        1.48,
        1.48,
        {
            ("~", 0, "<thread worker (thread 102)>"): (0, 0, 0.99, 0.99),
            ("~", 0, "<thread worker (thread 103)>"): (0, 0, 0.49, 0.49),
        },
    )
    assert stats["~", 0, "<await>"][:4] == (0, 0, 0.512, 0.512)


def test_time_outside_of_all_functions_has_a_row(new_session: NewSession) -> None:
    session = new_session([([], 10), ("main", 20), ("other", 30)])

    assert written(session) == {
        ("~", 0, "<root>"): (0, 0, 0.01, 0.06, {}),
        ("/app/app.py", 10, "main"): (0, 0, 0.02, 0.02, {("~", 0, "<root>"): (0, 0, 0.02, 0.02)}),
        ("/app/app.py", 10, "other"): (0, 0, 0.03, 0.03, {("~", 0, "<root>"): (0, 0, 0.03, 0.03)}),
    }


def test_an_empty_session_is_an_empty_file(new_session: NewSession) -> None:
    assert written(new_session([])) == {}


def test_cpu_time_when_asked_for() -> None:
    stats = written(AT_WORK, clock="cpu")

    assert stats["~", 0, "<built-in method time.sleep>"][:4] == (0, 0, 0.02, 0.02)
    assert ("~", 0, "<await>") not in stats


def test_generated_code_has_a_row_for_each_class(new_session: NewSession) -> None:
    order, item = (Call("__init__", "<string>", 2, name, 3) for name in ("Order", "Item"))
    session = new_session(
        [([MAIN, order], 300), ([MAIN, item], 200), ([MAIN, order, item], 50), ([MAIN], 1)]
    )
    main = ("/app/app.py", 20, "main")
    of_order, of_item = ("<string>", 2, "Order.__init__"), ("<string>", 2, "Item.__init__")

    assert written(session) == {
        main: (0, 0, 0.001, 0.551, {}),
        of_order: (0, 0, 0.3, 0.35, {main: (0, 0, 0.3, 0.35)}),
        of_item: (
            0,
            0,
            0.25,
            0.25,
            {main: (0, 0, 0.2, 0.2), of_order: (0, 0, 0.05, 0.05)},
        ),
    }
