"""Chooses the engine of a run, and says why it and not a better one.

Engines are looked up by name and loaded when asked about: a compiled module that is missing, or
that must not be imported here, is a reason, not an error.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NamedTuple, cast

from ..errors import EngineUnavailableError
from .interface import Engine


class EngineEntry(NamedTuple):
    """Where an engine's class is, and what it needs before it may even be imported."""

    name: str
    module: str
    attribute: str
    compiled: bool
    minimum_python: tuple[int, int]
    owns_profile_hook: bool
    """It uses what ``sys.setprofile`` sets: one owner a thread."""
    sees_every_event: bool = True
    """It can follow a custom clock, which has to be read at every event."""
    sees_other_threads_from: tuple[int, int] = (3, 8)
    """Versions of Python on which it can record threads that did not start the sampling."""
    automatic_on: tuple[tuple[int, int], ...] | None = None
    """Versions of Python on which ``"auto"`` may take it; None: all."""
    automatic_machine: str | None = None
    """The processor it was tested on, where ``"auto"`` may take it; None: any."""


ENGINES = (
    EngineEntry(
        "safepoint",
        "_safepoint",
        "SafepointEngine",
        compiled=True,
        minimum_python=(3, 11),
        owns_profile_hook=False,
        sees_every_event=False,
        sees_other_threads_from=(3, 12),
        automatic_on=((3, 11), (3, 12), (3, 13)),
        automatic_machine="x86_64",
    ),
    EngineEntry("monitoring", "_monitoring", "MonitoringEngine", True, (3, 12), False),
    EngineEntry("setprofile", "_setprofile", "SetprofileEngine", True, (3, 8), True),
    EngineEntry("reference", "reference", "ReferenceEngine", False, (3, 8), True),
)
"""Best first: the order in which ``engine="auto"`` tries them."""

AUTO = "auto"
ENGINE_NAMES = (AUTO, *(entry.name for entry in ENGINES))


class Choice(NamedTuple):
    """An engine that can run here and now."""

    engine: Engine
    reason: str
    """One sentence."""


def choose_engine(
    name: str, *, has_own_clock: bool = False, has_other_threads: bool = False
) -> Choice:
    """The engine called *name* (one of :data:`ENGINE_NAMES`) for the calling thread.

    *has_own_clock* and *has_other_threads* leave those out that cannot follow, or see, them.

    Raises ``EngineUnavailableError`` if it, or with ``"auto"`` every one, cannot run here.
    """
    refused: list[tuple[EngineEntry, str]] = []
    for entry in ENGINES:
        if name not in (AUTO, entry.name):
            continue
        # Before the engine is even imported, which takes time that is then lost.
        refusal = _refusal_before_import(entry)
        if has_own_clock and not entry.sees_every_event:
            refusal = refusal or "cannot follow a custom clock"
        elif has_other_threads and sys.version_info < entry.sees_other_threads_from:
            refusal = refusal or "records the thread that starts it only, on this version"
        elif name == AUTO and not _is_automatic(entry):
            refusal = refusal or "has to be asked for on this version of Python"
        if not refusal:
            engine, refusal = _examine(entry)
            if engine is not None and name == AUTO:
                refusal = _refusal_of_machine(entry)
            if engine is not None and not refusal:
                return Choice(engine, _reason(name, entry, refused))
        refused.append((entry, refusal))
    why = "; ".join(f"{entry.name} {refusal}" for entry, refusal in refused)
    if name == AUTO:
        raise EngineUnavailableError(f"no engine can sample this thread: {why}")
    raise EngineUnavailableError(f"engine {name!r} is not available: {why}; {_alternatives(name)}")


def available_engines() -> tuple[str, ...]:
    """Names of the engines that can run here and now, best first."""
    return tuple(entry.name for entry in ENGINES if _examine(entry)[0] is not None)


def _reason(asked: str, entry: EngineEntry, refused: list[tuple[EngineEntry, str]]) -> str:
    if asked != AUTO:
        return f"{entry.name} was asked for"
    if not refused:
        return f"{entry.name} is the best engine here"
    reasons = [f"{better.name} {refusal}" for better, refusal in refused]
    if not entry.compiled:
        reasons.append(f"{entry.name} is slow")
    return f"{entry.name} is the best engine here: " + "; ".join(reasons)


def _alternatives(name: str) -> str:
    others = [other for other in available_engines() if other != name]
    if not others:
        return "no other engine is available either"
    return "use engine='auto' or one of: " + ", ".join(others)


def _examine(entry: EngineEntry) -> tuple[Engine | None, str]:
    """The engine, or why not (half a sentence that goes on from its name)."""
    refusal = _refusal_before_import(entry)
    if refusal:
        return None, refusal
    module_name = f"{__package__}.{entry.module}"
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        return None, "is not built here"
    except ImportError as error:
        return None, f"cannot be loaded ({error})"
    engine = cast(Engine, getattr(module, entry.attribute)())
    unavailable = engine.unavailable_reason()
    return (engine, "") if unavailable is None else (None, unavailable)


def _refusal_before_import(entry: EngineEntry) -> str:
    if sys.version_info < entry.minimum_python:
        return "needs Python {}.{}".format(*entry.minimum_python)
    if entry.compiled and sys.implementation.name != "cpython":
        return "needs CPython"
    if entry.compiled and not _has_gil():
        # Only to import it would switch the GIL on again.
        return "needs the GIL"
    return _hook_refusal(entry) if entry.owns_profile_hook else ""


def _is_automatic(entry: EngineEntry) -> bool:
    return entry.automatic_on is None or sys.version_info[:2] in entry.automatic_on


def _refusal_of_machine(entry: EngineEntry) -> str:
    """Of an engine that could run; where it has an ``automatic_machine``, so has ``os`` a uname."""
    if entry.automatic_machine is None or os.uname().machine == entry.automatic_machine:
        return ""
    return f"has to be asked for on {os.uname().machine}, where it is untested"


def _has_gil() -> bool:
    is_gil_enabled = getattr(sys, "_is_gil_enabled", None)
    return "t" not in getattr(sys, "abiflags", "") and (is_gil_enabled is None or is_gil_enabled())


def _hook_refusal(entry: EngineEntry) -> str:
    hook = sys.getprofile()
    if hook is None:
        return ""
    owner = type(hook).__module__
    if owner == f"{__package__}.{entry.module}":
        return ""
    for other in ENGINES:
        if owner == f"{__package__}.{other.module}":
            return f"shares its hook with {other.name}, which is sampling this thread"
    kind = type(hook).__qualname__
    return f"needs the thread's profile function, which is taken (sys.getprofile(): {kind})"
