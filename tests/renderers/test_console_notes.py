"""What a report says about itself, and what it refuses."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from pyinstrument_model.session import Session
from pyinstrument_renderers.console import ConsoleRenderer
from pyinstrument_renderers.errors import MisconfigurationError

NewSession = Callable[..., Session]
Body = Callable[..., str]


def render(session: Session, **options: Any) -> str:
    return ConsoleRenderer(**options).render(session)


def notes(session: Session, **options: Any) -> list[str]:
    """What stands below the tree."""
    return render(session, **options).split("\n\n")[3].splitlines()


def test_engine_interval_and_notes_are_told(new_session: NewSession) -> None:
    session = new_session(
        [("<module>", 1000)],
        engine="monitoring",
        engine_reason="Fastest here.",
        interval_ns=10_000_000,
        sample_count=80,
        notes=("The clock went back once.",),
    )

    assert render(session).split("\n\n")[2:] == [
        "1.00 <module>  app.py:1",
        "Sampled every 12.5 ms instead of 10 ms; monitoring: Fastest here\n"
        "Note: The clock went back once.\n"
        "80 samples: treat shares as +-6 %",
        "",
    ]


def test_ticks_that_waited_for_a_call_are_no_slow_sampling(new_session: NewSession) -> None:
    session = new_session([("<module>", 1000)], sample_count=20, ticks_late=980)

    assert notes(session) == [
        "Sampled every 1 ms; reference is the best engine available here",
        "980 of 1000 ticks fell into C calls, waits or lost CPU time: timed, not sampled",
    ]


def test_a_profile_that_ends_within_an_interval_was_not_slow(new_session: NewSession) -> None:
    session = new_session([("<module>", 1)], sample_count=1, duration_ns=1_640_000)

    assert notes(session)[0] == "Sampled every 1 ms; reference is the best engine available here"


def test_a_few_late_ticks_are_not_worth_a_line(new_session: NewSession) -> None:
    session = new_session([("<module>", 1000)], sample_count=900, ticks_late=100)

    assert notes(session) == ["Sampled every 1 ms; reference is the best engine available here"]


@pytest.mark.parametrize(
    ("count", "warning"),
    [
        (1, ["1 sample: treat shares as ±50 %"]),
        (12, ["12 samples: treat shares as ±14 %"]),
        (99, ["99 samples: treat shares as ±5 %"]),
        (100, []),
    ],
)
def test_few_samples_come_with_their_uncertainty(
    new_session: NewSession, count: int, warning: list[str]
) -> None:
    session = new_session([("<module>", count)], sample_count=count, duration_ns=count * 1_000_000)

    assert notes(session, unicode=True)[1:] == warning


def test_names_cannot_steer_the_terminal(new_session: NewSession) -> None:
    session = new_session([("<module> \033[2J", 100)], title="a\rb")

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
