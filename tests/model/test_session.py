"""Sessions: equal by content, facts by the names that users know, two made into one."""

from __future__ import annotations

from support.made_up_sessions import MS, make_facts, small_session

from pyinstrument_model import Session
from pyinstrument_sampler.recording import SampleState


def test_sessions_are_equal_by_content() -> None:
    assert small_session() == small_session()
    assert small_session() != small_session(pid=78)
    assert small_session() != "session"


def test_the_facts_have_the_names_that_users_know() -> None:
    session = small_session()
    assert (
        session.start_time,
        session.duration,
        session.min_interval,
        session.max_interval,
        session.sample_count,
        session.cpu_time,
        session.start_call_stack,
        session.facts.engine,
    ) == (
        1_700_000_000.0,
        0.01,
        0.001,
        0.001,
        3,
        0.004,
        ["MainThread\0<thread>\x004711", "<module>\0/home/me/app/main.py\x001"],
        "setprofile",
    )


def test_paths_are_shortened_by_the_sessions_own_sys_path() -> None:
    assert small_session().shorten_path("/usr/lib/python3.12/json/decoder.py") == "json/decoder.py"


def test_later_changes_of_sys_path_do_not_reach_a_session() -> None:
    paths = ["/a"]
    session = Session(small_session().recording, sys_path=paths)
    paths.append("/b")
    assert session.sys_path == ("/a",)


def test_two_sessions_become_one_in_the_order_of_time() -> None:
    second_ns = 1_000_000_000
    early = small_session()
    late = Session(
        small_session(
            start_time_ns=early.facts.start_time_ns + second_ns,
            interval_ns=10 * MS,
            notes=("late",),
            engine="monitoring",
        ).recording,
        "Later",
        sources={"/home/me/app/main.py": {4: "other", 9: "main()"}},
    )
    both = Session.combine(late, early)
    assert both.facts == make_facts(
        stem=both.facts.stem,
        duration_ns=20 * MS,
        process_cpu_ns=8 * MS,
        sample_count=6,
        ticks_asked=20,
        ticks_late=2,
        own_cpu_ns=2000,
        notes=("late",),
    )
    assert (both.min_interval, both.max_interval) == (0.001, 0.01)
    assert both.target_description == "Program: main.py"
    assert both.sys_path == early.sys_path
    assert both.source_line("/home/me/app/main.py", 4) == "other"
    assert both.source_line("/home/me/app/main.py", 6) == "    await sleep()"
    assert [
        (sample.start_ns, sample.duration_ns, sample.state)
        for sample in both.recording.iter_samples()
    ] == [
        (start + at * MS, spent * MS, state)
        for start in (0, second_ns)
        for at, spent, state in (
            (0, 5, SampleState.RUNNING),
            (5, 3, SampleState.RUNNING),
            (8, 2, SampleState.AWAITED),
        )
    ]
    assert len(both.recording.stacks.parent) == len(early.recording.stacks.parent)
    assert both.start_call_stack == early.start_call_stack
