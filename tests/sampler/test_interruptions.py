"""What a signal handler raises goes to the program, wherever in the pure code it comes."""

from __future__ import annotations

import asyncio
import signal
import sys
from types import FrameType
from typing import Callable, Iterator

import pytest

from pyinstrument_sampler.async_context import idle_event_loop
from pyinstrument_sampler.capture import native_name
from pyinstrument_sampler.errors import ClockError
from pyinstrument_sampler.interruptions import is_of_signal_handler
from pyinstrument_sampler.sampler import Sampler

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


class Alarm(Exception):
    """Raised by a handler."""


class Handling:
    """Has handlers."""

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        raise Alarm


def on_signal(number: int, frame: FrameType | None) -> None:
    raise_alarm()


def raise_alarm() -> None:
    raise Alarm


@pytest.fixture(params=[on_signal, Handling().on_signal], ids=["function", "method"])
def interrupt(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """Has the handler run in the function that calls this."""
    before = signal.signal(signal.SIGALRM, request.param)
    yield lambda: signal.raise_signal(signal.SIGALRM)
    signal.signal(signal.SIGALRM, before)


class Unusual:
    """Does something when it is asked for what functions and modules have."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def __getattr__(self, name: str) -> None:
        self._act()


def select() -> object:
    """Looks like the wait of an event loop."""
    return idle_event_loop(sys._getframe())


def test_exception_of_a_handler_is_told_from_one_of_the_code(
    interrupt: Callable[[], None],
) -> None:
    found = []
    for act in (interrupt, raise_alarm):
        try:
            act()
        except Alarm as error:
            found.append(is_of_signal_handler(error))

    assert found == [True, False]


def test_name_of_a_function(interrupt: Callable[[], None]) -> None:
    assert native_name(Unusual(raise_alarm))[0] == "Unusual"
    with pytest.raises(Alarm):
        native_name(Unusual(interrupt))


def test_search_for_the_event_loop(
    interrupt: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asyncio.base_events is sys.modules["asyncio.base_events"]
    monkeypatch.setitem(sys.modules, "asyncio.base_events", Unusual(raise_alarm))
    assert select() is None
    monkeypatch.setitem(sys.modules, "asyncio.base_events", Unusual(interrupt))
    with pytest.raises(Alarm):
        select()


def test_clock_of_the_program(interrupt: Callable[[], None]) -> None:
    acts = [raise_alarm, interrupt]

    def clock() -> float:
        if not is_quiet:
            acts[0]()
        return 0.0

    is_quiet = True
    sampler = Sampler(clock=clock, engine="reference")
    sampler.start()
    with pytest.raises(ClockError):
        is_quiet = False
        sampler.stop()

    is_quiet = True
    del acts[0]
    sampler.start()
    with pytest.raises(Alarm):
        is_quiet = False
        sampler.stop()
    is_quiet = True
    sampler.stop()
