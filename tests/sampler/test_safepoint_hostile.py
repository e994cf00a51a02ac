"""Programs that do to the ``safepoint`` engine what no program should: all must go as if alone."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections import defaultdict
from types import FunctionType
from typing import Any, Callable, Iterator

import pytest
from support.sampling import run_python
from support.ticking import Ticking, pass_a_safepoint

from pyinstrument_sampler import Recording, Sampler

pytestmark = pytest.mark.usefixtures("needs_safepoint")

FAST = 0.0001


def functions(recording: Recording) -> set[str]:
    """Names of the functions in the samples that are neither the sampler's nor its caller's."""
    depth = len(recording.stack(recording.facts.stem))
    return {
        location.frame.function
        for sample in recording.iter_samples()
        for location in recording.stack(sample.stack)[depth:]
        if "pyinstrument_sampler" not in location.frame.file
    }


def check(sampler: Sampler) -> Recording:
    """The recording, in which all time is accounted for and nothing went wrong."""
    recording = sampler.recording
    assert recording is not None
    assert sum(recording.samples.duration_ns) == recording.facts.duration_ns
    assert min(recording.samples.cpu_ns, default=0) >= 0
    assert recording.facts.notes == ()
    return recording


def ticks_so_far(sampler: Sampler) -> int:
    return sampler.snapshot().facts.ticks_asked


def test_code_whose_constants_are_being_finalized() -> None:
    class Last:
        def __del__(self) -> None:
            pass_a_safepoint()

    with Ticking() as t:
        ticks = t.unseen

        def leaf(is_first: bool) -> None:
            if is_first:
                ticks[1]
                pass_a_safepoint()
            else:
                ticks[2]

        code = leaf.__code__
        code = code.replace(co_consts=(*code.co_consts, Last()))
        dying = FunctionType(code, globals(), "leaf", None, leaf.__closure__)
        del code
        dying(True)
        dying(False)
        del dying
        pass_a_safepoint()

    assert t.paths()[0] == "leaf"
    assert set(t.paths()) <= {"leaf", "", "Last.__del__"}


def test_finalizers_that_run_before_a_function_has_begun() -> None:
    """Up to 3.11 making the cells of a function can collect garbage."""

    class Trash:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            pass_a_safepoint()

    thresholds = gc.get_threshold()
    with Ticking() as t:
        ticks = t.unseen
        collect: defaultdict[object, None] = type(ticks)(gc.enable)

        def leaf(number: int) -> None:
            ticks[number]

        def with_cells(argument: int) -> Callable[[], int]:
            leaf(argument)
            return lambda: argument

        gc.collect()
        gc.disable()
        Trash()
        gc.set_threshold(1)
        ticks[1]
        collect[1]
        with_cells(2)
        gc.set_threshold(*thresholds)
        pass_a_safepoint()
        with_cells(3)
        pass_a_safepoint()

    assert t.paths() == ["", "with_cells > leaf", "with_cells > leaf"]


def test_generators_that_are_freed_before_the_safepoint() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def generate(number: int) -> Iterator[int]:
            ticks[number]
            yield number

        def work() -> None:
            for number in range(50):
                [*generate(number)]

        work()

    assert set(t.paths()) == {"work > generate"}


def test_code_that_is_made_and_freed_all_the_time() -> None:
    with Sampler(FAST, engine="safepoint") as s:
        while ticks_so_far(s) < 300:
            for number in range(20):
                names: dict[str, Any] = {}
                exec(f"def f{number % 7}(x): return (lambda: x)()", names)
                names[f"f{number % 7}"](number)

    made = {f"f{number}" for number in range(7)} | {"<lambda>", "<module>"}
    seen = functions(check(s))
    assert {name for name in seen if name[0] in "f<"} <= made


def test_recursion_limit_is_where_it_was() -> None:
    def depth() -> int:
        levels: list[object] = []

        def down() -> None:
            levels.append(ticks[len(levels)])
            down()

        with pytest.raises(RecursionError):
            down()
        return len(levels)

    ticks: defaultdict[object, Any] = defaultdict(int)
    alone = depth()
    with Ticking() as t:
        ticks = t.unseen
        assert depth() == alone


def test_signal_handlers_that_raise_all_the_time() -> None:
    raised = caught = 0

    class Alarm(Exception):
        pass

    def handler(*_: object) -> None:
        nonlocal raised
        raised += 1
        raise Alarm

    before = signal.signal(signal.SIGALRM, handler)
    try:
        with Sampler(FAST, engine="safepoint") as s:
            while caught < 200:
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.0005)
                    while True:
                        pass_a_safepoint()
                except Alarm:
                    caught += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    check(s)
    assert raised == caught


def test_finalizers_that_run_all_the_time() -> None:
    finalized = 0

    class Trash:
        def __init__(self) -> None:
            self.me = self
            self.call = lambda: self

        def __del__(self) -> None:
            nonlocal finalized
            finalized += 1

    made = 0
    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        with Sampler(FAST, engine="safepoint") as s:
            while made < 300:
                Trash()
                made += 1
    finally:
        gc.set_threshold(*thresholds)
    gc.collect()

    check(s)
    assert finalized == made


def test_threads_that_fight_for_the_interpreter() -> None:
    counts = [0] * 3
    is_over = threading.Event()

    def spin(number: int) -> None:
        while not is_over.is_set():
            counts[number] += 1

    before = sys.getswitchinterval()
    threads = [threading.Thread(target=spin, args=[number]) for number in range(3)]
    sys.setswitchinterval(1e-6)
    try:
        with Sampler(FAST, engine="safepoint") as s:
            for thread in threads:
                thread.start()
            while ticks_so_far(s) < 300:
                pass_a_safepoint()
            is_over.set()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(before)

    assert "spin" not in functions(check(s))
    assert all(counts)


def test_stop_on_other_threads_while_it_ticks() -> None:
    def stop() -> None:
        sampler.stop()
        stopped.set()

    for _ in range(50):
        sampler = Sampler(FAST, engine="safepoint")
        stopped = threading.Event()
        sampler.start()
        thread = threading.Thread(target=stop)
        thread.start()
        while not stopped.is_set():
            pass_a_safepoint()
        thread.join()
        check(sampler)


def test_trace_functions_see_what_they_see_alone() -> None:
    def events() -> list[str]:
        found = []

        def trace(frame: Any, event: str, argument: object) -> Any:
            found.append(f"{event} {frame.f_code.co_name} {frame.f_lineno}")
            return trace

        sys.settrace(trace)
        pass_a_safepoint()
        list(map(pass_any, range(3)))
        sys.settrace(None)
        return found

    def pass_any(_: object) -> None:
        pass_a_safepoint()

    before = sys.gettrace()
    try:
        alone = events()
        with Sampler(FAST, engine="safepoint") as s:
            while ticks_so_far(s) < 30:
                assert events() == alone
    finally:
        sys.settrace(before)


def test_traced_threads_go_on_while_the_main_thread_waits_for_them() -> None:
    """In a process of its own, that can be ended: it would wait for ever. So it did on 3.11."""
    program = """
        import threading
        from support.ticking import Ticking, pass_a_safepoint

        def trace(*_):
            return trace

        def work():
            for _ in range(100):
                t.tick()
                pass_a_safepoint()

        threading.settrace(trace)
        with Ticking() as t:
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        print(sum(t.recording.samples.ticks) > 100)
        """
    assert run_python(program, "safepoint") == "True\n"


def test_ticks_while_others_are_settled_are_not_lost() -> None:
    class Trash:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            t.tick()
            pass_a_safepoint()

    thresholds = gc.get_threshold()
    gc.set_threshold(1)
    try:
        with Ticking() as t:
            for number in range(200):
                Trash()
                new: dict[str, Any] = {"ticks": t.unseen}
                exec("def leaf(n): ticks[n]\ndef work(n): leaf(n); leaf(-n)", new)
                new["work"](number + 1)
            gc.set_threshold(*thresholds)
            gc.collect()
    finally:
        gc.set_threshold(*thresholds)

    assert sum(t.recording.samples.ticks) == 600 + 1


def test_greenlets_that_switch_before_the_safepoint() -> None:
    greenlet = pytest.importorskip("greenlet")

    with Ticking() as t:
        ticks = t.unseen

        def other() -> None:
            for number in range(20):
                ticks[number]
                main.switch()

        def work() -> None:
            for _ in range(20):
                child.switch()

        main = greenlet.getcurrent()
        child = greenlet.greenlet(other)
        work()

    allowed = {"work", "work > greenlet.switch", "other", "other > greenlet.switch"}
    assert {path for path in t.paths() if path} <= allowed


def test_peeks_while_the_program_changes_its_functions() -> None:
    def one() -> int:
        return 1

    def two() -> int:
        return 2

    def either() -> int:
        return 0

    codes = [one.__code__, two.__code__]
    with Sampler(FAST, engine="safepoint") as s:
        while ticks_so_far(s) < 100:
            for number in range(100):
                either.__code__ = codes[number % 2]
                assert either() == number % 2 + 1
    assert not functions(check(s)) & {"either"}
