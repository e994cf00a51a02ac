"""The ``safepoint`` engine: whatever happens between a tick and the safepoint, the tick is told."""

from __future__ import annotations

import asyncio
import linecache
import os
import signal
import sys
import threading
import time
from typing import Iterator

import pytest
from support.sampling import run_python
from support.ticking import Ticking, pass_a_safepoint

from pyinstrument_sampler import EngineUnavailableError, Sampler, async_context

pytestmark = pytest.mark.usefixtures("needs_safepoint")


def _is_in(thread: int, function: str) -> bool:
    return sys._current_frames()[thread].f_code.co_name == function


def test_tick_in_a_function_that_returns_before_the_safepoint() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def leaf(number: int) -> None:
            ticks[number]

        def other() -> None:
            pass

        def caller() -> None:
            leaf(1)
            other()
            leaf(2)

        caller()

    assert t.paths() == ["caller > leaf", "caller > leaf"]


def test_tick_below_frames_that_are_entered_before_the_safepoint() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def called() -> None:
            pass

        def caller() -> None:
            ticks[1]
            called()

        caller()

    assert t.paths() == ["caller"]


def test_tick_in_a_chain_of_functions_that_all_return() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def third() -> None:
            ticks[1]

        def second() -> None:
            return third()

        def first() -> None:
            return second()

        first()
        pass_a_safepoint()

    assert t.paths() == ["first > second > third"]


def test_line_is_that_of_the_tick() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def work() -> None:
            ticks[1]
            ticks[2]
            pass_a_safepoint()
            ticks[3]

        work()

    start = work.__code__.co_firstlineno
    lines = [t.recording.stack(row.stack)[-1].line for row in t.recording.iter_samples()][:-1]
    assert lines == [start + 1, start + 2, start + 4]


def test_same_place_seen_again_is_one_row() -> None:
    with Ticking() as t:
        for number in range(3):
            t.unseen[number]

    assert t.paths() == ["", "", ""]
    assert len(t.recording.samples.stack) <= 2


def test_python_called_by_c_stands_on_what_called_c() -> None:
    with Ticking() as t:
        ticks = t.unseen
        list(map(lambda number: ticks[number], [1]))

    assert t.paths() == ["<lambda>"]


def test_functions_without_python_code_are_leaves() -> None:
    with Ticking() as t:
        names = {"look_up": t.unseen.__getitem__, "os": os}
        exec("any(map(look_up, [1])); os.fspath(str(look_up(2)))", names)

    assert t.paths() == ["<module> > any", "<module> > _Forgetful.__getitem__"]


def test_sleeping_thread_is_in_sleep() -> None:
    """A thread that sleeps is seen by others only: here by one that ticks for the timer."""
    with Ticking() as t:
        is_over = threading.Event()

        def tick_twice() -> None:
            for _ in range(2):
                while not _is_in(main, "sleep_a_bit"):
                    pass
                t.tick()
            is_over.set()

        def sleep_a_bit() -> None:
            time.sleep(0.01)

        main = threading.get_ident()
        thread = threading.Thread(target=tick_twice)
        thread.start()
        while not is_over.is_set():
            sleep_a_bit()
        thread.join()

    assert "sleep_a_bit > sleep" in t.paths()


def test_generators_and_what_they_delegate_to() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def inner() -> Iterator[int]:
            ticks[1]
            yield 1

        def outer() -> Iterator[int]:
            yield from inner()

        def work() -> None:
            for _ in outer():
                pass

        work()

    assert t.paths() == ["work > outer > inner"]


def test_methods_know_their_class() -> None:
    class Thing:
        def __init__(self) -> None:
            pass_a_safepoint()
            t.unseen[1]
            pass_a_safepoint()

    with Ticking() as t:
        Thing()

    assert t.paths() == ["Thing.__init__"]


def test_deep_recursion_is_told_to_the_root() -> None:
    with Ticking() as t:

        def down(levels: int) -> None:
            if levels:
                down(levels - 1)
            else:
                t.unseen[1]
                pass_a_safepoint()

        down(300)

    assert t.paths() == [" > ".join(["down"] * 301)]


def test_awaited_time_of_the_profiled_coroutine() -> None:
    async def profiled() -> None:
        with t:
            await asyncio.sleep(0)

    async def other() -> None:
        t.unseen[1]
        await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(profiled(), other())

    t = Ticking()
    asyncio.run(main())

    assert t.paths() == ["sleep > __sleep0 > [await]"]


def test_marks_that_change_within_one_context() -> None:
    with Ticking(async_mode="strict") as t:
        (mark,) = async_context.ACTIVE.get()
        pass_a_safepoint()
        t.unseen[1]
        async_context.leave(mark)
        t.unseen[2]
        async_context.enter(mark)
        t.unseen[3]
        async_context.leave(mark)
        t.unseen[4]
        pass_a_safepoint()
        async_context.enter(mark)

    assert t.paths() == ["", "[out-of-context]", "", "[out-of-context]"]


def test_samples_come_by_themselves_and_add_up() -> None:
    with Sampler(0.0005, engine="safepoint") as s:
        while s.snapshot().facts.ticks_asked < 10:
            sum(range(1000))
    recording = s.recording

    assert recording is not None
    assert recording.facts.engine == "safepoint"
    assert sum(recording.samples.duration_ns) == recording.facts.duration_ns


def test_custom_clocks_are_refused() -> None:
    with pytest.raises(EngineUnavailableError, match="cannot follow a custom clock"):
        Sampler(engine="safepoint", clock=time.monotonic).start()


def test_stop_on_another_thread_settles_what_was_seen() -> None:
    t = Ticking()
    with pytest.raises(Exception, match="not running"):
        with t:
            t.unseen[1]
            thread = threading.Thread(target=t.sampler.stop)
            thread.start()
            thread.join()

    assert sum(t.recording.samples.ticks) >= 1
    assert sum(t.recording.samples.duration_ns) == t.recording.facts.duration_ns


def test_two_samplers_with_intervals_of_their_own() -> None:
    with Sampler(0.001, engine="safepoint") as slow:
        with Sampler(0.0002, engine="safepoint") as fast:
            slow_ticks = fast_ticks = 0
            while slow_ticks < 10 or fast_ticks <= slow_ticks:
                slow_ticks = slow.snapshot().facts.ticks_asked
                fast_ticks = fast.snapshot().facts.ticks_asked

    assert slow.recording is not None and fast.recording is not None
    assert fast.recording.facts.ticks_asked > slow.recording.facts.ticks_asked


def test_profile_and_trace_functions_are_not_touched() -> None:
    def profile(*_: object) -> None: ...

    sys.setprofile(profile)
    try:
        with Ticking() as t:
            t.tick()
            assert sys.getprofile() is profile
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)


def test_exceptions_of_signal_handlers_are_the_programs() -> None:
    def raise_it(*_: object) -> None:
        raise LookupError

    before = signal.signal(signal.SIGUSR1, raise_it)
    try:
        with Ticking() as t:
            with pytest.raises(LookupError):
                t.unseen[1]
                os.kill(os.getpid(), signal.SIGUSR1)
                pass_a_safepoint()
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert t.paths()[0] == ""


def test_child_of_a_fork_does_not_sample() -> None:
    program = """
        import os
        from pyinstrument_sampler import Sampler

        sampler = Sampler(0.0002, engine=ENGINE)
        sampler.start()
        child = os.fork()
        if child == 0:
            sum(range(100_000))
            os._exit(sampler.is_running)
        status = os.waitpid(child, 0)[1]
        before = sampler.snapshot().facts.sample_count
        while sampler.snapshot().facts.ticks_asked < before + 5:
            sum(range(1000))
        sampler.stop()
        print(status)
        """
    assert run_python(program, "safepoint", "-W", "error") == "0\n"


def test_time_of_the_sampler_at_work_goes_to_the_next_tick() -> None:
    program = """
        import sys
        from support.ticking import Ticking, pass_a_safepoint

        def on_audit(event, arguments):
            if event == "sys._current_frames":  # asked for where a loop may wait: while settling
                t.tick()
                looks.append(event)

        def select():
            pass

        def caller():
            ticks[1]
            select()
            ticks[2]
            pass_a_safepoint()

        looks = []
        with Ticking() as t:
            ticks = t.unseen
            sys.addaudithook(on_audit)
            caller()
        print(t.paths(), len(looks), t.recording.facts.ticks_late)
        """
    assert run_python(program, "safepoint") == "['caller', 'caller'] 1 1\n"


def test_exit_with_a_running_sampler_is_silent() -> None:
    program = """
        from pyinstrument_sampler import Sampler

        sampler = Sampler(0.0002, engine=ENGINE)
        sampler.start()
        sum(range(1_000_000))
        print("done")
        """
    assert run_python(program, "safepoint") == "done\n"


def test_columns_are_those_of_the_expression_at_the_tick() -> None:
    with Ticking() as t:
        ticks = t.unseen

        def leaf() -> None:
            _ = ticks[1], "ä", ticks[22]

        def caller() -> None:
            leaf()
            pass_a_safepoint()

        caller()
        pass_a_safepoint()

    found = []
    for sample in list(t.recording.iter_samples())[:-1]:
        of_caller, of_leaf = t.recording.stack(sample.stack)[-2:]
        assert (of_caller.column, of_caller.end_column) == (0, 0)
        source = linecache.getline(__file__, of_leaf.line).encode()
        found.append(source[of_leaf.column - 1 : of_leaf.end_column - 1])
    assert found == [b"ticks[1]", b"ticks[22]"]
