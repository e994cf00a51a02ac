"""The pytest plugin: profiles of a session or of each test, and time budgets of tests.

Loaded by every run of pytest, so that it imports nothing and hooks into no test unless asked to.
"""

from __future__ import annotations

from typing import Any

import pytest

MARKER = "time_budget"
_ALONE = ""
"""What ``--pyinstrument`` is without a format."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("pyinstrument", "profiling with pyinstrument")
    group.addoption(
        "--pyinstrument",
        metavar="FORMAT",
        nargs="?",
        const=_ALONE,
        help="profile the session: --pyinstrument prints a text report, --pyinstrument=html (or "
        "any other format) writes a file",
    )
    group.addoption(
        "--pyinstrument-each",
        action="store_true",
        help="profile each test by itself, and list the slowest; reports are files, html unless "
        "--pyinstrument=FORMAT says otherwise",
    )
    group.addoption(
        "--pyinstrument-dir",
        metavar="DIR",
        help="folder of the reports (default: the setting profile-dir, else .profiles)",
    )
    group.addoption(
        "--pyinstrument-slowest",
        metavar="N",
        type=int,
        default=10,
        help="how many tests to list (default: 10)",
    )
    group.addoption(
        "--pyinstrument-slower-than",
        metavar="SECONDS",
        type=float,
        default=0.01,
        help="quicker tests get no report (default: 0.01)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Registers what was asked for."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(budget, frame=None): fail the test when it takes longer than its budget, like "
        "'200ms'; with frame, a dotted name like 'app.db.*', only such calls count (pyinstrument)",
    )
    wanted = config.getoption("pyinstrument")
    if wanted is None and not config.getoption("pyinstrument_each"):
        return
    from .errors import IntegrationError
    from .pytest_options import PytestOptions

    try:
        options = PytestOptions.of(config.option, str(config.rootpath))
        plugin: Any
        if options.each:
            from .pytest_each import EachTest

            plugin = EachTest(options, config)
        else:
            from .pytest_session import WholeSession

            plugin = WholeSession(options, config)
    except (IntegrationError, ValueError) as error:
        raise pytest.UsageError(f"pyinstrument: {error}") from None
    config.pluginmanager.register(plugin, "pyinstrument-profiles")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Registers the budgets, if there is a test that has one."""
    manager = session.config.pluginmanager
    if manager.hasplugin("pyinstrument-budgets"):
        return
    if any(item.get_closest_marker(MARKER) is not None for item in session.items):
        from .pytest_budget import TimeBudgets

        manager.register(TimeBudgets(session.config), "pyinstrument-budgets")
