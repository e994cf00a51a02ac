"""What is known of a frame: class, qualified name, hiding, and the names of C functions."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, cast

from support.sampling import ONE, FakeClock, leaves, rows, sampler

from pyinstrument_sampler import Recording
from pyinstrument_sampler.recording import BUILT_IN_FILE, Frame, FrameKind


def recorded(engine: str, clock: FakeClock, program: Callable[[], object]) -> Recording:
    with sampler(clock, engine) as s:
        program()
    assert s.recording is not None
    return s.recording


def test_class_of_a_method_is_the_type_of_self(engine: str, clock: FakeClock) -> None:
    class Base:
        def work(self) -> None:
            nonlocal clock
            clock += ONE

    class Derived(Base):
        pass

    derived, base = Derived(), Base()

    def program() -> None:
        derived.work()
        base.work()

    assert rows(recorded(engine, clock, program)) == [
        ("program > Derived.work", 1),
        ("program > Base.work", 1),
    ]


def test_class_of_a_class_method_is_cls(engine: str, clock: FakeClock) -> None:
    class Base:
        @classmethod
        def work(cls) -> None:
            nonlocal clock
            clock += ONE

    class Derived(Base):
        pass

    assert rows(recorded(engine, clock, Derived.work)) == [("Derived.work", 1)]


def test_class_is_found_when_a_closure_uses_self(engine: str, clock: FakeClock) -> None:
    class Holder:
        def work(self) -> Callable[[], object]:
            nonlocal clock
            clock += ONE
            return lambda: self

    assert rows(recorded(engine, clock, Holder().work)) == [("Holder.work", 1)]


def test_no_class_when_self_was_deleted(engine: str, clock: FakeClock) -> None:
    class Holder:
        def work(self, other: int) -> None:
            nonlocal clock
            del self
            clock += ONE

    holder = Holder()
    assert rows(recorded(engine, clock, lambda: holder.work(1))) == [("<lambda> > work", 1)]


def test_no_class_when_a_closure_lost_self(engine: str, clock: FakeClock) -> None:
    class Holder:
        def work(self) -> Callable[[], object]:
            nonlocal clock

            def inner() -> object:
                return self  # noqa: F821  # gone by then

            del self
            clock += ONE
            return inner

    assert rows(recorded(engine, clock, Holder().work)) == [("work", 1)]


def test_no_class_when_self_is_not_the_first_argument(engine: str, clock: FakeClock) -> None:
    def later(other: int, self: int) -> None:
        nonlocal clock
        clock += ONE

    def local() -> None:
        nonlocal clock
        self = 1
        clock += ONE
        del self

    def keyword_only(*, self: int) -> None:
        nonlocal clock
        clock += ONE

    def collected(*self: int) -> None:
        nonlocal clock
        clock += ONE

    def program() -> None:
        later(1, 2)
        local()
        keyword_only(self=1)
        collected(1)

    assert rows(recorded(engine, clock, program)) == [
        ("program > later", 1),
        ("program > local", 1),
        ("program > keyword_only", 1),
        ("program > collected", 1),
    ]


def test_class_is_of_whatever_self_is(engine: str, clock: FakeClock) -> None:
    def work(self: object) -> None:
        nonlocal clock
        clock += ONE

    def make(cls: object) -> None:
        nonlocal clock
        clock += ONE

    def program() -> None:
        work(1)
        work(None)
        make("not a class")

    assert rows(recorded(engine, clock, program)) == [
        ("program > int.work", 1),
        ("program > NoneType.work", 1),
        ("program > make", 1),
    ]


def test_class_name_is_bare_and_runs_no_code_of_the_program(engine: str, clock: FakeClock) -> None:
    class Meta(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override]  # on purpose
            raise AssertionError("the sampler ran code of the program")

    class Outer:
        class Inner(metaclass=Meta):
            def __getattribute__(self, name: str) -> Any:
                raise AssertionError("the sampler ran code of the program")

            def work(self) -> None:
                nonlocal clock
                clock += ONE

            __class__ = cast(Any, property(lambda self: 1 / 0))

    inner = Outer.Inner()
    work = Outer.Inner.work
    assert rows(recorded(engine, clock, lambda: work(inner))) == [("<lambda> > Inner.work", 1)]


def test_class_of_a_generators_self(engine: str, clock: FakeClock) -> None:
    class Holder:
        def generate(self) -> Any:
            nonlocal clock
            clock += ONE
            yield 1

    holder = Holder()
    assert rows(recorded(engine, clock, lambda: next(holder.generate()))) == [
        ("<lambda> > Holder.generate", 1)
    ]


def test_frames_tell_their_code(engine: str, clock: FakeClock) -> None:
    class Holder:
        def work(self) -> None:
            nonlocal clock
            clock += ONE

    code = Holder.work.__code__
    (leaf,) = leaves(recorded(engine, clock, Holder().work))

    assert leaf.frame == Frame(
        function="work",
        qualname=getattr(code, "co_qualname", ""),
        file=__file__,
        first_line=code.co_firstlineno,
        class_name="Holder",
        kind=FrameKind.PYTHON,
        hidden=False,
    )


def test_functions_with_a_hiding_variable_are_hidden(engine: str, clock: FakeClock) -> None:
    def one() -> None:
        nonlocal clock
        __tracebackhide__ = True
        clock += ONE

    def other() -> None:
        nonlocal clock
        __traceback_hide__ = True
        clock += ONE

    def neither() -> None:
        nonlocal clock
        clock += ONE

    def program() -> None:
        one()
        other()
        neither()

    found = leaves(recorded(engine, clock, program))

    assert [(leaf.frame.function, leaf.frame.hidden) for leaf in found] == [
        ("one", True),
        ("other", True),
        ("neither", False),
    ]


def test_methods_of_c_types_are_named_by_their_type(engine: str, clock: FakeClock) -> None:
    (leaf,) = leaves(recorded(engine, clock, lambda: clock.append(0)))

    assert leaf.frame == Frame(
        function="FakeClock.append",
        qualname=f"{FakeClock.__module__}.FakeClock.append",
        file=BUILT_IN_FILE,
        first_line=0,
        class_name="",
        kind=FrameKind.NATIVE,
        hidden=False,
    )
    assert leaf.line == 0


def test_c_functions_tell_their_module_unless_it_is_builtins(engine: str) -> None:
    ticks = iter(range(10**6))
    lock = threading.Lock()
    numbers = [3, 1, 2]

    def program() -> None:
        time.sleep(0)
        lock.acquire()
        lock.release()
        sorted(numbers)
        numbers.sort()
        dict.fromkeys(numbers)

    # Each event is a sample, so each function is seen.
    with sampler(FakeClock(), engine) as s:
        pass
    s = type(s)(0.5, clock=ticks.__next__, engine=engine)
    with s:
        program()

    assert s.recording is not None
    found = {
        leaf.frame.function: leaf.frame.qualname
        for leaf in leaves(s.recording)
        if leaf.frame.kind is FrameKind.NATIVE
    }
    lock_type = type(lock).__qualname__
    assert {
        name: found.get(name)
        for name in (
            "sleep",
            f"{lock_type}.acquire",
            "sorted",
            "list.sort",
            "dict.fromkeys",
        )
    } == {
        "sleep": "time.sleep",
        f"{lock_type}.acquire": f"_thread.{lock_type}.acquire",
        "sorted": "sorted",
        "list.sort": "list.sort",
        "dict.fromkeys": "dict.fromkeys",
    }
