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


@pytest.mark.parametrize("is_whole", [False, True])
def test_generator_that_was_left_before_its_caller_could_be_read(is_whole: bool) -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(2, is_whole)

        def leaf(is_broken: bool) -> None:
            if is_broken:
                broken[1]

        def values() -> Iterator[int]:
            for is_broken in (False, True):
                ticks[is_broken]
                leaf(is_broken)
                yield 1

        def caller() -> None:
            for _ in values():
                pass
            pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller > values", "caller > values", "caller > values > leaf"]
    stack = t.recording.stack(list(t.recording.iter_samples())[-2].stack)
    starts = [function.__code__.co_firstlineno for function in (caller, values, leaf)]
    lines = [location.line for location in stack[-3:]]
    assert [line - start for line, start in zip(lines, starts)] == [1, 3, 2]


def test_line_of_a_generator_that_calls_at_several_places_is_not_guessed() -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(2)

        def leaf(is_broken: bool) -> None:
            if is_broken:
                broken[1]

        def values() -> Iterator[int]:
            ticks[1]
            leaf(False)
            ticks[2]
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

    assert t.paths()[-1] == "caller > values > leaf"
    stack = t.recording.stack(list(t.recording.iter_samples())[-2].stack)
    assert [location.line for location in stack[-2:]] == [0, leaf.__code__.co_firstlineno + 2]


def test_generator_with_several_callers_that_was_left_is_not_told() -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(1)

        def values(is_broken: bool) -> Iterator[int]:
            ticks[is_broken]
            pass_a_safepoint()
            if is_broken:
                broken[1]
            yield 1

        def delegating() -> Iterator[int]:
            yield from values(True)

        def caller() -> None:
            for _ in values(False):
                pass
            for _ in delegating():
                pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller > values", "caller > delegating > values", "caller"]


def test_generators_of_one_caller_each_that_were_left_together() -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(1)

        def values() -> Iterator[int]:
            ticks[1]
            pass_a_safepoint()
            broken[1]
            yield 1

        def delegating() -> Iterator[int]:
            yield from values()

        def caller() -> None:
            for _ in delegating():
                pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller > delegating > values"] * 2


def test_recursion_of_which_only_the_newest_frames_were_read_is_not_shortened() -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(3)

        def descend(levels: int, at: int) -> None:
            if levels:
                descend(levels - 1, at)
            else:
                broken[at]

        def caller() -> None:
            for at in range(2):
                ticks[at]
                descend(10, at)
                pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller"] * 4


@pytest.mark.skipif(sys.version_info < (3, 12), reason="3.11 makes objects in C")
def test_object_made_by_a_generator_that_was_left() -> None:
    with Ticking() as t:
        ticks, broken = t.unseen, t.broken(3)

        class Made:
            def __init__(self, is_broken: bool) -> None:
                if is_broken:
                    broken[1]

        def values() -> Iterator[int]:
            for at in range(20):
                ticks[at]
                Made(at == 19)
                yield 1

        def caller() -> None:
            for _ in values():
                pass
            pass_a_safepoint()

        caller()
        pass_a_safepoint()

    assert t.paths()[-1] == "caller > values > Made.__init__"


def test_function_of_another_greenlet_is_not_put_on_a_frame_that_called_it_too() -> None:
    greenlet = pytest.importorskip("greenlet")

    with Ticking() as t:
        ticks = t.unseen

        def work(number: int) -> None:
            ticks[number]
            if number:
                main.switch()

        def caller() -> None:
            work(0)
            pass_a_safepoint()
            greenlet.greenlet(work).switch(1)
            pass_a_safepoint()

        main = greenlet.getcurrent()
        caller()
        pass_a_safepoint()

    assert t.paths() == ["caller > work", "caller"]
