"""What the ``safepoint`` engine believes of frames that have returned, and how it knows them."""

from __future__ import annotations

import sys
from typing import Callable, Iterator, Mapping

import pytest
from support.ticking import Ticking, pass_a_safepoint

pytestmark = pytest.mark.usefixtures("needs_safepoint")


class TickingBox:
    """No name in the program leads to its method."""

    ticks: Mapping[object, None]

    def __contains__(self, value: object) -> bool:
        self.ticks[value]
        return True


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="3.11 gives variables back before their frame is unlinked"
)
def test_code_that_only_a_callers_variable_holds() -> None:
    with Ticking() as t:
        names = {"ticks": t.unseen}

        def hand_on(function: Callable[..., None], *arguments: object) -> None:
            function(*arguments)

        def caller() -> None:
            code = compile("ticks[1]", "<made>", "exec")
            exec(code, names)
            hand_on(exec, compile("ticks[2]", "<made>", "exec"), names)

        caller()

    assert t.paths() == ["caller > <module>", "caller > hand_on > <module>"]


def test_function_that_nothing_names_is_found_in_its_module() -> None:
    box = TickingBox()

    with Ticking() as t:
        box.ticks = t.unseen

        def caller() -> None:
            1 in box  # noqa: B015
            pass_a_safepoint()

        caller()

    assert t.paths() == ["caller > __contains__"]


def test_tick_before_the_same_caller_is_entered_again() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def leaf() -> None:
            ticks[1]

        def nothing() -> None:
            pass

        def hand_on(function: Callable[[], None]) -> None:
            function()

        def caller() -> None:
            hand_on(leaf)
            hand_on(nothing)

        caller()

    assert t.paths() == ["caller > hand_on > leaf"]


def test_generator_that_was_left_before_its_caller_could_be_read() -> None:
    with Ticking() as t:
        ticks, torn = t.unseen, t.torn

        def leaf(is_torn: bool) -> None:
            if is_torn:
                torn[1]

        def values() -> Iterator[int]:
            ticks[1]
            leaf(False)
            yield 1
            leaf(True)
            yield 2

        def caller() -> None:
            for _ in values():
                pass
            pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller > values", "caller > values > leaf"]
    stack = t.recording.stack(list(t.recording.iter_samples())[1].stack)
    starts = [function.__code__.co_firstlineno for function in (caller, values, leaf)]
    lines = [location.line for location in stack[-3:]]
    assert [line - start for line, start in zip(lines, starts)] == [1, 2, 2]
