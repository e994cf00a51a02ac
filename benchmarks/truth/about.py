"""What is known of a program beforehand, read from its source without running it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, NamedTuple

PROGRAMS = Path(__file__).with_name("programs")

_WEIGHT = re.compile(r"#\s*weight (\d+)")


class About(NamedTuple):
    """A program's constants."""

    name: str
    path: Path
    is_below_100_ns: bool
    """``BELOW_100_NS``: its functions last less than that."""
    shares: dict[str, float]
    """``SHARES``: the self times of these functions are in this ratio."""
    total_shares: dict[str, float]
    """``TOTAL_SHARES``: the same for total times."""
    line_weights: dict[str, dict[int, float]]
    """By function and line: what ``# weight 3`` behind a line says."""


def program_names() -> tuple[str, ...]:
    """Every program there is."""
    return tuple(path.stem for path in sorted(PROGRAMS.glob("[!_]*.py")))


def read_about(path: Path) -> About:
    """Reads the constants of the program in *path*."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    constants: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in ("BELOW_100_NS", "SHARES", "TOTAL_SHARES"):
                constants[node.targets[0].id] = ast.literal_eval(node.value)
    return About(
        name=path.stem,
        path=path,
        is_below_100_ns=constants.get("BELOW_100_NS", False),
        shares=constants.get("SHARES", {}),
        total_shares=constants.get("TOTAL_SHARES", {}),
        line_weights=_line_weights(text, tree),
    )


def _line_weights(text: str, tree: ast.Module) -> dict[str, dict[int, float]]:
    weights = {
        number: float(found.group(1))
        for number, line in enumerate(text.splitlines(), 1)
        for found in [_WEIGHT.search(line)]
        if found
    }
    functions: dict[str, dict[int, float]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            last = max(getattr(inner, "lineno", 0) for inner in ast.walk(node))
            known = {line: weights[line] for line in weights if node.lineno <= line <= last}
            if known:
                functions[node.name] = known
    return functions
