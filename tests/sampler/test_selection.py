"""Which engine runs, and what is said about it."""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any, Callable

import pytest

from pyinstrument_sampler import EngineUnavailableError, Sampler
from pyinstrument_sampler.engines import selection
from pyinstrument_sampler.engines.selection import (
    ENGINE_NAMES,
    EngineEntry,
    available_engines,
    choose_engine,
)

Install = Callable[..., None]


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Replaces the engines: ``engines(best=None, other="reason")``, best first."""

    def install(**refusals: Any) -> None:
        entries = []
        for name, refusal in refusals.items():
            module = ModuleType(f"{selection.__package__}._test_{name}")

            class FakeEngine:
                def unavailable_reason(self, refusal: Any = refusal) -> Any:
                    return refusal

            FakeEngine.name = name  # type: ignore[attr-defined]
            module.FakeEngine = FakeEngine  # type: ignore[attr-defined]
            monkeypatch.setitem(sys.modules, module.__name__, module)
            is_compiled = name != "reference"
            entries.append(
                EngineEntry(name, f"_test_{name}", "FakeEngine", is_compiled, (3, 8), False)
            )
        monkeypatch.setattr(selection, "ENGINES", tuple(entries))

    return install


def test_auto_takes_the_first_that_can_run(engines: Install) -> None:
    engines(best=None, other=None)
    choice = choose_engine("auto")

    assert (choice.engine.name, choice.reason) == ("best", "best is the best engine here")


def test_auto_says_why_not_the_better_ones(engines: Install) -> None:
    engines(best="needs a better world", good="is tired", reference=None)

    assert choose_engine("auto").reason == (
        "reference is the best engine here: "
        "best needs a better world; good is tired; reference is slow"
    )


def test_named_engine_is_taken_even_if_there_is_a_better_one(engines: Install) -> None:
    engines(best=None, other=None)
    choice = choose_engine("other")

    assert (choice.engine.name, choice.reason) == ("other", "other was asked for")


def test_named_engine_that_cannot_run_is_an_error_with_a_way_out(engines: Install) -> None:
    engines(best="needs more", other=None, reference=None)
    with pytest.raises(EngineUnavailableError) as raised:
        choose_engine("best")

    assert str(raised.value) == (
        "engine 'best' is not available: best needs more; "
        "use engine='auto' or one of: other, reference"
    )


def test_no_engine_at_all_is_an_error(engines: Install) -> None:
    engines(best="needs more", other="is gone")
    with pytest.raises(EngineUnavailableError) as raised:
        choose_engine("auto")

    assert str(raised.value) == ("no engine can sample this thread: best needs more; other is gone")


def test_missing_module_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = EngineEntry("absent", "_no_such_module", "Engine", True, (3, 8), False)
    monkeypatch.setattr(selection, "ENGINES", (absent, *selection.ENGINES))

    assert "absent is not built here" in choose_engine("auto").reason


def test_older_python_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    future = EngineEntry("future", "_no_such_module", "Engine", True, (9, 0), False)
    monkeypatch.setattr(selection, "ENGINES", (future, *selection.ENGINES))

    assert "future needs Python 9.0" in choose_engine("auto").reason


def test_no_gil_keeps_compiled_engines_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)

    assert available_engines() == ("reference",)
    assert "setprofile needs the GIL" in choose_engine("auto").reason


def test_other_interpreters_keep_compiled_engines_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Implementation:
        name = "pypy"

    monkeypatch.setattr(sys, "implementation", Implementation)

    assert available_engines() == ("reference",)


def test_what_cannot_run_here_is_not_said_to_wait_for_being_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))

    reason = choose_engine("auto").reason
    assert "safepoint needs Python 3.11" in reason
    assert "asked for" not in reason


def test_reference_is_always_there() -> None:
    assert available_engines()[-1] == "reference"
    assert ENGINE_NAMES == ("auto", "safepoint", "monitoring", "setprofile", "reference")


def test_sampler_records_the_choice() -> None:
    choice = choose_engine("auto")
    with Sampler() as s:
        pass

    assert s.recording is not None
    assert s.engine == choice.engine.name
    assert s.recording.facts.engine_reason == choice.reason


@pytest.mark.skipif(
    sys.platform == "win32", reason="has no os.uname; its engine is for any machine"
)
def test_auto_leaves_an_engine_alone_on_a_processor_it_was_not_tested_on(
    engines: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines(best=None, other=None)
    best, other = list(selection.ENGINES)
    monkeypatch.setattr(selection, "ENGINES", (best._replace(automatic_machine="pdp11"), other))
    machine = os.uname().machine

    assert choose_engine("best").engine.name == "best"
    reason = choose_engine("auto").reason
    assert reason.startswith("other is the best engine here: best has to be asked for on")
    assert f"{machine}, where it is untested" in reason
