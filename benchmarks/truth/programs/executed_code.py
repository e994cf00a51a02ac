"""Code that is compiled, run once and freed, so that its addresses are used again at once."""

from __future__ import annotations

from types import CodeType, FunctionType
from typing import Any

UNITS = 12

SOURCES = (
    "def upper(x):\n    return inner_upper(x) + 1\n\ndef inner_upper(x):\n    return x * x\n",
    "def lower(x):\n\n    return inner_lower(x) - 1\n\n\ndef inner_lower(x):\n    return x % 7\n",
)


def made(number: int) -> dict[str, Any]:
    """The functions of one source, with code of their own."""
    scope: dict[str, Any] = {}
    exec(compile(SOURCES[number], f"<made {number}>", "exec"), scope)
    return scope


def use(scope: dict[str, Any], name: str) -> int:
    """Calls one of them; with the end of this call its code can go."""
    total = 0
    for x in range(20):
        total += scope[name](x)
    return total


def copied(function: Any) -> Any:
    """The same function with a copy of its code where the version can make one."""
    code: CodeType = function.__code__
    replace = getattr(code, "replace", None)
    return FunctionType(replace() if replace else code, function.__globals__)


def work(n: int) -> None:
    """Both sources in alternation."""
    for _ in range(n):
        use(made(0), "upper")
        use(made(1), "lower")
        scope = made(0)
        scope["upper"] = copied(scope["upper"])
        use(scope, "upper")
