"""Code objects are created, run and freed as fast as possible, so that their addresses are used
again and again by other code.
"""

from __future__ import annotations

from typing import Any

ROUNDS = 400


def made(number: int) -> int:
    """The result of code that is gone when this returns."""
    scope: dict[str, Any] = {}
    source = f"def function_{number % 7}(n):\n" + "\n" * (number % 5)
    exec(source + f"    return sum(n + k for k in range({number % 9}))\n", scope)
    by_name = scope[f"function_{number % 7}"](number)
    by_lambda = eval(f"(lambda n: n + {number})")(1)
    by_class = type(f"Class{number % 3}", (), {"method": scope[f"function_{number % 7}"]})
    return int(by_name + by_lambda + len(by_class().__class__.__name__))


def run() -> int:
    """What all that code computed."""
    total = 0
    for number in range(ROUNDS):
        total += made(number)
        total += eval(compile(f"{number} + len('x' * {number % 10})", f"<{number}>", "eval"))
    return total


if __name__ == "__main__":
    print(run())
