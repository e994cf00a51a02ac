"""The check for stacks that did not happen finds those that are planted, and no others."""

from __future__ import annotations

import gc
import sys
import time
from typing import Callable, Iterator

import pytest
from truth.driving import repeat_until
from truth.observation import NATIVE_FILE, Observation, Place, Stack
from truth.possible import impossible_stacks
from truth.tracer import TraceWatcher

WORK = Place("work", __file__, 1)
LEFT = Place("left", __file__, 5)
RIGHT = Place("right", __file__, 9)
LEFT_LEAF = Place("left_leaf", __file__, 13)
LOOP = Place("run", "harness.py", 1)


def observed(*stacks: tuple[Place, ...], others: tuple[tuple[Place, ...], ...] = ()) -> Observation:
    return Observation(
        stacks=dict.fromkeys(stacks, 1.0), others=dict.fromkeys(others, 1.0), lines={}, samples=0
    )


TRACE = observed(
    (),
    (WORK,),
    (WORK, LEFT),
    (WORK, RIGHT),
    (WORK, LEFT, LEFT_LEAF),
    others=((LOOP,), (LOOP, RIGHT)),
)


def found(observation: Observation) -> set[tuple[Place, ...]]:
    return {one.stack for one in impossible_stacks(observation, TRACE, __file__)}


def test_what_was_traced_is_possible() -> None:
    assert found(TRACE) == set()


def test_a_leaf_under_the_wrong_caller_is_found() -> None:
    wrong = (WORK, RIGHT, LEFT_LEAF)

    assert found(observed((WORK, LEFT, LEFT_LEAF), wrong)) == {wrong}


def test_a_caller_that_is_missing_is_found() -> None:
    assert found(observed((WORK, LEFT_LEAF))) == {(WORK, LEFT_LEAF)}


def test_a_c_function_that_nobody_called_is_found() -> None:
    wrong = (WORK, LEFT, Place("sorted", NATIVE_FILE, 0))

    assert found(observed(wrong)) == {wrong}


def test_other_code_of_the_same_name_is_found() -> None:
    wrong = (WORK, LEFT._replace(first_line=6))

    assert found(observed(wrong)) == {wrong}


def test_who_tells_no_first_lines_is_asked_for_names_only() -> None:
    true = (WORK._replace(first_line=0), LEFT._replace(first_line=0))
    wrong = (WORK._replace(first_line=0), LEFT_LEAF._replace(first_line=0))

    assert found(observed(true, wrong)) == {wrong}


def test_a_stack_that_lost_the_drivers_frame_is_found() -> None:
    assert found(observed(others=((LOOP, LEFT), (LEFT,)))) == {(LOOP, LEFT), (LEFT,)}


def test_other_threads_and_the_harness_itself_are_possible() -> None:
    assert found(observed(others=((LOOP, RIGHT), (LOOP, LOOP)))) == set()


def test_the_heaviest_comes_first_and_is_told_in_full() -> None:
    wrong: dict[Stack, float] = {(RIGHT, LEFT): 1.0, (LEFT, RIGHT, RIGHT): 2.0}
    told = impossible_stacks(Observation(wrong, {}, {}, 0), TRACE, __file__)

    assert [str(one) for one in told] == [
        "2 in: left (test_possible.py:5) > right (test_possible.py:9) 2 times",
        "1 in: right (test_possible.py:9) > left (test_possible.py:5)",
    ]


def stacks_of(work: Callable[[int], object]) -> set[Stack]:
    """The stacks of an exact trace of one round of *work*."""
    watcher = TraceWatcher()
    watcher.start()
    repeat_until(work, 1, time.perf_counter())
    return {*watcher.stop().stacks}


@pytest.fixture
def no_callbacks_of_the_collector() -> Iterator[None]:
    """Hypothesis, once it is imported, times the collector, which the harness runs."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks.extend(callbacks)


def traced(work: Callable[[int], object]) -> set[tuple[str, ...]]:
    """Their names only."""
    return {tuple(place.function for place in stack) for stack in stacks_of(work)}


HARNESS: set[tuple[str, ...]] = {
    (),
    ("perf_counter",),
    ("disable",),
    ("collect",),
    ("enable",),
}
"""What is seen between the rounds of a program."""


def down(n: int) -> int:
    return n if n == 0 else down(n - 1)


def numbers(n: int) -> Iterator[int]:
    yield from range(n)


def drawn(iterator: Iterator[int]) -> int:
    return next(iterator)


def generated(n: int) -> int:
    iterator = numbers(n)
    return drawn(iterator)


class Maker:
    def __init__(self) -> None:
        self.kind = dict

    def plain(self) -> int:
        return 1

    def make(self, n: int) -> dict[int, int]:
        self.plain()
        return self.kind(enumerate(range(n)))


def made(n: int) -> int:
    return len(Maker().make(n))


def items(n: int) -> list[int]:
    return sorted(range(n), key=abs)


@pytest.mark.usefixtures("no_callbacks_of_the_collector")
def test_a_trace_has_every_depth_of_a_recursion() -> None:
    assert traced(down) == HARNESS | {("down",), ("down", "down")}


def test_a_trace_has_generators_also_where_they_are_made() -> None:
    stacks = traced(generated)

    assert ("generated", "drawn", "numbers") in stacks
    assert (("generated", "numbers") in stacks) == (sys.version_info >= (3, 11))


@pytest.mark.usefixtures("no_callbacks_of_the_collector")
def test_a_trace_has_c_functions_as_leaves_and_classes_that_may_be_called() -> None:
    assert traced(items) == HARNESS | {
        ("items",),
        ("items", "sorted"),
        ("items", "range"),
    }


def test_a_trace_has_classes_under_the_names_they_are_called_by_and_no_method() -> None:
    leaves = {stack[-1] for stack in traced(made) if stack[:-1] == ("made", "make")}

    assert leaves == {"plain", "kind", "dict", "enumerate", "range"}
    assert Place("plain", NATIVE_FILE, 0) not in {stack[-1] for stack in stacks_of(made) if stack}
