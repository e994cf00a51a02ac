"""Programs that are hard on a sampler. Each is a script that prints what its ``run`` returns: the
same every time, sampled or not. Nothing in them knows of the sampler.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

ALL = (
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

_NEEDS = {
    "forks": hasattr(os, "fork"),
    "monitoring_tools": sys.version_info >= (3, 12),
    "signals": hasattr(os, "fork"),
}

PROGRAMS = tuple(name for name in ALL if _NEEDS.get(name, True))
"""Those that this interpreter and platform could run."""

MADE_FOR_COMPILED_ENGINES = frozenset({"recursion_depth"})
"""A profile function in Python takes the last frames below the recursion limit for itself."""

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
    """What a program needs and is not installed; None where nothing is missing."""
    modules = _MODULES.get(name, ())
    if modules and not any(map(importlib.util.find_spec, modules)):
        return f"{' or '.join(modules)} is not installed"
    return None
