"""Threads, waiting, links and CPU time in the text report."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Any, Callable

import pytest
from support.made_up_sessions import MS
from support.thread_sessions import AT_WORK, START, WORKER, Link, Spent, thread_session

from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer
from pyinstrument_renderers.errors import MisconfigurationError, RendererError
from pyinstrument_renderers.json import JSONRenderer

NewSession = Callable[..., Session]
LEGEND = "waiting: share of a line's time in which its thread did not run"


def parts(session: Session, **options: Any) -> list[str]:
    """The report from the tree on, cut at empty lines."""
    return ConsoleRenderer(**options).render(session).split("\n\n")[2:-1]


def test_each_thread_has_a_tree_with_links_and_what_waited() -> None:
    *trees, notes = parts(AT_WORK, unicode=True)
    assert "\n\n".join(trees) == dedent(
        """\
        2.012 MainThread
        └─ 2.012 <module>  app.py:1
           └─ 2.012 main  app.py:1
              ├─ 1.000 sleep_a_bit  app.py:1
              │  └─ 1.000 time.sleep  <built-in>  waiting 98%
              ├─ 0.512 handler  app.py:1
              │  └─ 0.512 to_thread  aio.py:1
              │     │  [ran in ThreadPoolExecutor-0_0: 0.512 s]
              │     └─ 0.512 [await]  aio.py
              └─ 0.500 work  app.py:1

        2.012 ThreadPoolExecutor-0_0
        └─ 2.012 worker  pool.py:1
           ├─ 1.500 queue.get  <built-in>  waiting 100%
           └─ 0.512 run  pool.py:1
              └─ 0.512 crunch  app.py:1
                    [for handler  app.py:1]

        0.990 worker  thread 102
        └─ 0.990 busy  app.py:1

        0.490 worker  thread 103
        └─ 0.490 busy  app.py:1  waiting 80%"""
    )
    assert notes.splitlines() == [
        LEGEND,
        "Short threads, 0.010 s together, are left out; --show-all (show_all=True) shows them",
        "Sampled every 1 ms; all threads; setprofile: it is the best here",
    ]


def test_percentages_are_of_each_threads_own_time() -> None:
    main, pool, *_, notes = parts(AT_WORK, time="percent_of_total")
    assert main.splitlines()[3] == "      |- 49.7% sleep_a_bit  app.py:1"
    assert pool.splitlines()[0] == "100.0% ThreadPoolExecutor-0_0"
    assert "Percentages are of each thread's own time" in notes.splitlines()


def test_all_threads_are_shown_when_everything_is() -> None:
    *_, last, notes = parts(AT_WORK, show_all=True)
    assert last == dedent(
        """\
        0.010 Thread 104
        `- 0.010 idle  app.py:1
           `- 0.010 queue.get  <built-in>  waiting 100%"""
    )
    assert "Short threads" not in notes


def test_by_cpu_time_only_what_ran_is_shown() -> None:
    main, *_, notes = parts(AT_WORK, clock="cpu")
    assert main == dedent(
        """\
        0.515 MainThread
        `- 0.515 <module>  app.py:1
           `- 0.515 main  app.py:1
              |- 0.495 work  app.py:1
              `- 0.020 sleep_a_bit  app.py:1
                 `- 0.020 time.sleep  <built-in>"""
    )
    assert notes.splitlines() == [
        "Times are CPU time: what was waited for is not in them",
        "Sampled every 1 ms; all threads; setprofile: it is the best here",
    ]
    listed, _ = parts(AT_WORK, clock="cpu", flat=True)
    assert listed.splitlines()[:2] == ["1.050 busy  app.py:1", "0.495 work  app.py:1"]


@pytest.mark.parametrize(
    "renderer", [ConsoleRenderer(clock="cpu"), ConsoleRenderer(clock="cpu", flat=True),
                 JSONRenderer(clock="cpu")],
)  # fmt: skip
def test_cpu_time_that_was_not_recorded_is_no_report(renderer: Any, example: Session) -> None:
    with pytest.raises(RendererError, match="this session has no CPU times: use 'wall'"):
        renderer.render(example)


def test_another_clock_is_refused() -> None:
    with pytest.raises(MisconfigurationError, match="'clock' must be one of wall, cpu, not 'sun'"):
        JSONRenderer(clock="sun")


def one_thread(*samples: Spent, **facts: Any) -> Session:
    return thread_session(["MainThread"], samples, **{"threads": "current", **facts})


def marked(session: Session, **options: Any) -> list[str]:
    """What the marked lines say, from the name on."""
    found = "\n\n".join(parts(session, show_all=True, **options))
    return re.findall(r"\d (\S+ +\S+ +waiting \d+%)", found)


def test_only_the_call_that_waits_is_marked_and_not_what_led_to_it() -> None:
    session = one_thread(Spent(0, "main fetch socket:recv", 90), Spent(0, "main", 10, cpu=10))
    assert marked(session) == ["socket.recv  <built-in>  waiting 100%"]


def test_a_call_of_many_short_waits_is_marked_itself() -> None:
    waits = [Spent(0, f"main wait{n} time:sleep", 5) for n in range(15)]
    session = one_thread(*waits, Spent(0, "main", 25, cpu=25))
    assert marked(session) == ["main  app.py:1  waiting 75%"]


def test_own_time_without_the_cpu_is_waiting_too() -> None:
    session = one_thread(Spent(0, "main spin", 50, cpu=10), Spent(0, "main spin leaf", 50, cpu=50))
    assert marked(session) == ["[self]  app.py  waiting 80%"]


def test_what_waits_less_than_half_or_hardly_counts_is_not_marked() -> None:
    session = one_thread(Spent(0, "main a", 91, cpu=55), Spent(0, "main time:sleep", 9))
    assert marked(session) == []
    assert LEGEND not in parts(session)[-1]


def test_awaiting_needs_no_mark() -> None:
    assert marked(one_thread(Spent(0, "main [await]", 50), Spent(0, "main", 50, cpu=50))) == []


def test_without_cpu_times_nothing_is_said_about_waiting() -> None:
    assert marked(one_thread(Spent(0, "main time:sleep", 100), cpu_clock="")) == []


def test_a_mark_fits_the_width_or_is_left_out() -> None:
    session = one_thread(Spent(0, "main a_function_that_waits time:sleep", 100))
    for width in range(30, 70):
        tree = parts(session, width=width)[0].splitlines()
        assert max(map(len, tree)) <= width
    assert "waiting 100%" in parts(session, width=60)[0]


def test_several_links_of_a_call_are_one_remark() -> None:
    work = [Spent(thread, f"{WORKER} work", 10, cpu=10) for thread in (1, 2)]
    session = thread_session(
        ["MainThread", "pool-0", "pool-1"],
        [Spent(0, "main one lib/submit", 5, cpu=5), Spent(0, "main two", 5, cpu=5), *work],
        [
            Link(1, f"{WORKER} work", "main one lib/submit", 4),
            Link(2, f"{WORKER} work", "main one lib/submit", 5),
            Link(2, f"{WORKER} work", "main two", 5),
        ],
    )
    main, first, second, _ = parts(session)
    assert main == dedent(
        """\
        0.010 MainThread
        `- 0.010 main  app.py:1
           |- 0.005 one  app.py:1
           |  `- 0.005 submit  lib.py:1
           |        [ran in 2 threads: 0.009 s]
           `- 0.005 two  app.py:1
                 [ran in pool-1: 0.005 s]"""
    )
    assert [tree.splitlines()[-1].strip() for tree in (first, second)] == [
        "[for one  app.py:1]",
        "[for one  app.py:1 and 1 more]",
    ]


def test_a_link_of_a_hidden_call_stands_at_what_hides_it() -> None:
    session = thread_session(
        ["MainThread", "pool"],
        [
            Spent(0, "main lib/a lib/b lib/c lib/d [await]", 10),
            Spent(0, "main", 90, cpu=90),
            Spent(1, f"{START} work", 100, cpu=100),
        ],
        [Link(1, f"{START} work", "main lib/a lib/b lib/c lib/d", 10)],
    )
    assert parts(session)[0] == dedent(
        """\
        0.100 MainThread
        `- 0.100 main  app.py:1
           |- 0.090 [self]  app.py
           `- 0.010 a  lib.py:1  waiting 100%
                 [ran in pool: 0.010 s]
                 [3 frames hidden]  lib"""
    )


@pytest.mark.parametrize(
    ("facts", "is_said"),
    [
        ({"process_cpu_ns": 300 * MS, "own_cpu_ns": 10 * MS}, True),
        ({"process_cpu_ns": 300 * MS, "own_cpu_ns": 195 * MS}, False),
        ({"process_cpu_ns": 109 * MS}, False),
        ({"process_cpu_ns": 300 * MS, "cpu_clock": ""}, False),
        ({"process_cpu_ns": 300 * MS, "threads": "all"}, False),
    ],
)
def test_cpu_time_of_threads_that_were_not_recorded_is_told(
    facts: dict[str, Any], is_said: bool
) -> None:
    session = one_thread(Spent(0, "main", 100, cpu=100), sample_count=100, **facts)
    note = "Note: Other threads used 190 ms of CPU and were not recorded; "
    how = '--threads all (threads="all") records those that run Python'
    assert (note + how in parts(session)[-1].splitlines()) is is_said


def test_colours_change_nothing_else() -> None:
    colored = ConsoleRenderer(color=True, unicode=True).render(AT_WORK)
    plain = re.sub(r"\033\[[\d;]*m", "", colored)
    assert plain == ConsoleRenderer(unicode=True).render(AT_WORK)
    assert "\033[2mwaiting 98%\033[0m" in colored
