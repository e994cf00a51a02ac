"""py-spy's raw format, as the reference of the truth harness."""

from __future__ import annotations

import pytest
from truth.observation import Observation, Place
from truth.py_spy import parse_raw

DRIVER = "repeat_until (/b/driving.py:20)"
MAIN = "<module> (/b/worker.py:70)"


def test_stacks_begin_below_the_driver_and_lines_are_kept() -> None:
    raw = (
        f"{MAIN};{DRIVER};work (/p/one.py:9);leaf (/p/one.py:3) 30\n"
        f"{MAIN};{DRIVER};work (/p/one.py:9);leaf (/p/one.py:4) 10\n"
        f"{MAIN};{DRIVER} 2\n"
        f"{MAIN} 5\n"
        " 3\n"
    )

    assert parse_raw(raw) == Observation(
        stacks={(Place("work", "/p/one.py", 0), Place("leaf", "/p/one.py", 0)): 40, (): 2},
        others={(Place("<module>", "/b/worker.py", 0),): 5},
        lines={
            ("work", "one.py", 9): 40,
            ("leaf", "one.py", 3): 30,
            ("leaf", "one.py", 4): 10,
        },
        samples=47,
    )


@pytest.mark.parametrize(
    ("frame", "function", "file"),
    [
        ("Thing.weight (/p/a b (1)/one.py:3)", "weight", "/p/a b (1)/one.py"),
        ("counted.<locals>.counting (/p/one.py:3)", "counting", "/p/one.py"),
        ("make.<locals>.<listcomp> (/p/one.py:3)", "<listcomp>", "/p/one.py"),
        ("<module> (<made 0>:1)", "<module>", "<made 0>"),
        ("_find_and_load (<frozen importlib._bootstrap>:1176)", "_find_and_load", ""),
    ],
)
def test_functions_are_known_by_their_plain_names(frame: str, function: str, file: str) -> None:
    (stack,) = parse_raw(f"{DRIVER};{frame} 1").stacks

    assert stack == (Place(function, file or "<frozen importlib._bootstrap>", 0),)


def test_the_interpreters_own_frame_below_init_is_left_out() -> None:
    raw = f"{DRIVER};work (/p/one.py:9);__init__ (__init__);__init__ (/p/one.py:4) 1"

    (stack,) = parse_raw(raw).stacks

    assert [place.function for place in stack] == ["work", "__init__"]


def test_what_is_no_frame_is_an_error() -> None:
    with pytest.raises(ValueError, match="not understood: 'work'"):
        parse_raw("work 3")
