"""To whom a second belongs: function by function, C functions included, in every engine."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from support.sampling import ONE, THREE, TWO, FakeClock, lines, rows, run_python, sampler, totals


def test_time_before_a_call_belongs_to_the_caller(engine: str, clock: FakeClock) -> None:
    def callee() -> None:
        clock.extend(())

    with sampler(clock, engine) as s:
        clock += TWO
        callee()

    assert s.recording is not None
    assert rows(s.recording) == [("", 2)]


def test_time_before_a_return_belongs_to_the_function(engine: str, clock: FakeClock) -> None:
    def callee() -> None:
        nonlocal clock
        clock += THREE

    with sampler(clock, engine) as s:
        clock += ONE
        callee()
        clock += TWO

    assert s.recording is not None
    assert rows(s.recording) == [("", 1), ("callee", 3), ("", 2)]


def test_time_in_a_c_function_belongs_to_it(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        clock += ONE
        clock.extend(TWO)
        clock += THREE

    assert s.recording is not None
    assert rows(s.recording) == [("", 1), ("FakeClock.extend", 2), ("", 3)]


def test_python_called_by_c_stands_on_the_frame_that_called_c(
    engine: str, clock: FakeClock
) -> None:
    def key(number: int) -> int:
        nonlocal clock
        clock += ONE
        return -number

    numbers = [1, 2, 3]
    with sampler(clock, engine) as s:
        sorted(numbers, key=key)

    assert s.recording is not None
    assert rows(s.recording) == [("key", 3)]


def test_c_function_is_a_leaf_of_the_function_that_called_it(engine: str, clock: FakeClock) -> None:
    def outer() -> None:
        inner()
        clock.append(0)

    def inner() -> None:
        clock.append(0)

    with sampler(clock, engine) as s:
        outer()

    assert s.recording is not None
    assert rows(s.recording) == [
        ("outer > inner > FakeClock.append", 1),
        ("outer > FakeClock.append", 1),
    ]


def test_time_of_a_function_that_raises_is_its_own(engine: str, clock: FakeClock) -> None:
    def fails() -> None:
        nonlocal clock
        clock += TWO
        raise LookupError("on purpose")

    with sampler(clock, engine) as s:
        with pytest.raises(LookupError, match="on purpose"):
            fails()
        clock += ONE

    assert s.recording is not None
    assert totals(s.recording) == {"fails": 2, "": 1}


def test_time_of_frames_that_an_exception_passes_is_their_own(
    engine: str, clock: FakeClock
) -> None:
    def outer() -> None:
        nonlocal clock
        try:
            inner()
        finally:
            clock += TWO

    def inner() -> None:
        nonlocal clock
        clock += ONE
        raise LookupError

    with sampler(clock, engine) as s:
        try:
            outer()
        except LookupError:
            clock += THREE

    assert s.recording is not None
    assert rows(s.recording) == [("outer > inner", 1), ("outer", 2), ("", 3)]


def test_time_of_a_c_function_that_raises_is_its_own(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        try:
            clock.extend(map(int, "0x"))  # takes the 0, and fails at the x
        except ValueError:
            clock += TWO

    assert s.recording is not None
    assert rows(s.recording) == [("FakeClock.extend", 1), ("", 2)]


def test_generators_have_the_time_between_resume_and_yield(engine: str, clock: FakeClock) -> None:
    def generate() -> Iterator[int]:
        nonlocal clock
        clock += ONE
        yield 1
        clock += TWO
        yield 2
        clock += THREE

    with sampler(clock, engine) as s:
        for _ in generate():
            clock += ONE

    assert s.recording is not None
    assert rows(s.recording) == [
        ("generate", 1),
        ("", 1),
        ("generate", 2),
        ("", 1),
        ("generate", 3),
    ]


def test_generator_closed_early_and_thrown_into_keep_the_rule(
    engine: str, clock: FakeClock
) -> None:
    def generate() -> Iterator[int]:
        nonlocal clock
        try:
            yield 1
        except LookupError:
            clock += ONE
            yield 2
        finally:
            clock += TWO

    with sampler(clock, engine) as s:
        generator = generate()
        next(generator)
        generator.throw(LookupError())  # type: ignore[attr-defined]
        generator.close()  # type: ignore[attr-defined]
        clock += THREE

    assert s.recording is not None
    assert rows(s.recording) == [("generate", 3), ("", 3)]


def test_recursion_is_shown_in_full(engine: str, clock: FakeClock) -> None:
    def down(depth: int) -> None:
        nonlocal clock
        if depth:
            down(depth - 1)
        clock += ONE

    with sampler(clock, engine) as s:
        down(2)

    assert s.recording is not None
    assert rows(s.recording) == [("down > down > down", 1), ("down > down", 1), ("down", 1)]


def test_deep_recursion_is_shown_in_full(engine: str, clock: FakeClock) -> None:
    depth = 700

    def down(left: int) -> None:
        nonlocal clock
        if left:
            down(left - 1)
        else:
            clock += ONE

    with sampler(clock, engine) as s:
        down(depth - 1)

    assert s.recording is not None
    assert rows(s.recording) == [(" > ".join(["down"] * depth), 1)]


def test_recursion_error_is_the_programs_own(engine: str) -> None:
    # In a process of its own: an interpreter that is mistreated here aborts.
    program = """
        from pyinstrument_sampler import Sampler

        def down(depth=0):
            down(depth + 1)

        clock = []
        with Sampler(0.5, engine=ENGINE, clock=clock.__len__) as sampler:
            try:
                down()
            except RecursionError as error:
                print(error)
            clock += [0]
        print(sampler.recording.facts.duration_ns, sum(sampler.recording.samples.duration_ns))
    """
    message = "maximum recursion depth exceeded"
    output = run_python(program, engine)

    assert output.startswith(message)
    assert output.splitlines()[1:] == ["1000000000 1000000000"]


def test_lines_are_those_where_the_time_went(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += ONE
        clock.append(0)
        clock += TWO

    with sampler(clock, engine) as s:
        work()

    first = work.__code__.co_firstlineno
    assert s.recording is not None
    # A call's line is where time before it is seen; the C function itself has no line.
    assert lines(s.recording) == [(first + 3, 1), (0, 1), (first + 4, 2)]


def test_lines_of_callers_are_those_of_their_calls(engine: str, clock: FakeClock) -> None:
    def outer() -> None:
        inner()
        inner()

    def inner() -> None:
        nonlocal clock
        clock += ONE

    with sampler(clock, engine) as s:
        outer()

    first = outer.__code__.co_firstlineno
    assert s.recording is not None
    callers = [
        recorded[-2].line
        for recorded in map(s.recording.stack, s.recording.samples.stack)
        if recorded[-1].frame.function == "inner"
    ]
    assert callers == [first + 1, first + 2]


def test_classes_and_comprehensions_are_frames_as_the_interpreter_has_them(
    engine: str, clock: FakeClock
) -> None:
    append: Any = clock.append
    with sampler(clock, engine) as s:

        class Body:
            clock.append(0)

        values = list(append(0) for _ in range(2))

    assert values == [None, None]
    assert s.recording is not None
    assert totals(s.recording) == {
        "Body > FakeClock.append": 1,
        "<genexpr> > FakeClock.append": 2,
    }
