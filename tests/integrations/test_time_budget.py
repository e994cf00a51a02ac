"""What the pytest plugin says about a profile: budgets, and the hottest path."""

from __future__ import annotations

from typing import Any

import pytest
from support.call_sessions import Call, Entry, make_session

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.hottest_path import hottest_path
from pyinstrument_integrations.time_budget import TimeBudget, parse_duration
from pyinstrument_model import Session

TEST = Call("test_prices", "/app/test_prices.py", 5)
RUNNER = Call("pytest_pyfunc_call", "/usr/lib/python3/_pytest/python.py", 160)
QUERY = Call("query", "/app/db/orders.py", 10)
SLEEP = "time:sleep"
EXTEND = "builtins:extend"


def session(*samples: tuple[tuple[Entry, ...], int]) -> Session:
    total_ns = 1_000_000 * sum(milliseconds for _, milliseconds in samples)
    return make_session(samples, duration_ns=total_ns)


SLOW = session(
    ((EXTEND,), 400),  # of whoever runs the test: the profile begins there
    ((RUNNER, TEST, QUERY, SLEEP), 100),
    ((RUNNER, TEST, QUERY, QUERY), 50),  # recursion
    ((RUNNER, TEST), 50),
)


def test_a_test_over_its_budget_shows_its_own_calls_and_no_others() -> None:
    assert TimeBudget.of("500ms").fault(SLOW) == (
        "took 0.600 s, the budget is 500 ms\n"
        "\n"
        "0.200 test_prices  test_prices.py:5\n"
        "|- 0.150 query  db/orders.py:10\n"
        "|  |- 0.100 time.sleep  <built-in>\n"
        "|  `- 0.050 query  db/orders.py:10\n"
        "`- 0.050 [self]  test_prices.py\n"
    )


def test_a_frame_is_added_up_and_recursion_counts_once() -> None:
    assert TimeBudget.of("150ms", "db.*").fault(SLOW) is None
    fault = TimeBudget.of("149ms", "app.db.*").fault(SLOW)
    assert fault is not None
    assert fault.startswith("calls of 'app.db.*' took 0.150 s, the budget is 149 ms\n")


def test_the_hottest_path_is_one_of_the_users_own_functions() -> None:
    path = hottest_path(SLOW)
    assert path is not None
    assert (str(path), path.seconds) == ("test_prices > query > time.sleep", 0.1)
    assert hottest_path(session(((EXTEND,), 400))) is None


@pytest.mark.parametrize(
    ("budget", "seconds"),
    [("200ms", 0.2), ("1.5s", 1.5), (" 2 min ", 120.0), ("50us", 5e-5), (0.25, 0.25), ("3", 3.0)],
)
def test_durations_are_words_or_seconds(budget: Any, seconds: float) -> None:
    assert parse_duration(budget) == pytest.approx(seconds)


@pytest.mark.parametrize("budget", ["soon", "-1s", "0s", "1e3s", True, None, float("nan"), -1, ""])
def test_what_is_no_duration_is_refused(budget: Any) -> None:
    with pytest.raises(InvalidSettingError, match="a time budget"):
        parse_duration(budget)
