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
        "Engine: monitoring. Fastest here\n"
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
    text = render(new_session([("<module>", 100)], sample_count=count), unicode=True)

    assert (warning in text) if warning else ("treat shares" not in text)


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
