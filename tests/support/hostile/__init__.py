"""Programs that are hard on a sampler. Each is a script that prints what its ``run`` returns: the
same every time, sampled or not. Nothing in them knows of the sampler.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

PROGRAMS = (
    "code_storm",
    "collector_storm",
    "deep_stacks",
    "exceptions",
    "forks",
    "generators",
    "greenlets",
    "hooks",
    "monitoring_tools",
    "processes",
    "recursion_depth",
    "recursion_errors",
    "signals",
    "subinterpreters",
    "threads",
    "under_coverage",
    "under_cprofile",
    "under_debugpy",
    "under_tracemalloc",
)
"""Modules of this package."""

ONCE_A_PROCESS = frozenset({"under_coverage", "under_debugpy"})
"""Programs whose tools cannot be started again and again in one process."""

_MODULES = {
    "greenlets": ("greenlet",),
    "subinterpreters": ("_interpreters", "_xxsubinterpreters"),
    "under_coverage": ("coverage",),
    "under_debugpy": ("debugpy",),
}


def path_of(name: str) -> Path:
    """The script of a program."""
    return Path(__file__).with_name(f"{name}.py")


def unavailable_reason(name: str) -> str | None:
    """Why this interpreter cannot run a program; None where it can."""
    if name in ("forks", "signals") and not hasattr(os, "fork"):
        return "the platform has no fork or no POSIX signals"
    if name == "monitoring_tools" and sys.version_info < (3, 12):
        return "sys.monitoring came with Python 3.12"
    modules = _MODULES.get(name, ())
    if modules and not any(map(importlib.util.find_spec, modules)):
        return f"{' or '.join(modules)} is not installed"
    return None
