"""Samplers started and stopped very often, from many threads, and in many processes."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest
from support.engines import THREAD_ENGINES
from support.hostile_runs import Outcome, Sampled, run_plain, run_sampled
from support.sampling import run_python


def cycles(engine: str) -> int:
    """How often to start and stop: the engine in pure Python is many times slower."""
    return 400 if engine == "reference" else 2000


def test_cycles_of_start_and_stop_do_not_grow(engine: str) -> None:
    program = """
        import gc, sys, tracemalloc
        from pyinstrument_sampler import Sampler
        from support.whole import assert_whole

        def work():
            return sum(sorted(range(3), key=lambda number: -number))

        def cycles(count):
            for number in range(count):
                sampler = Sampler(1e-4, engine=ENGINE)
                sampler.start()
                work()
                if number % 10 == 0:
                    assert_whole(sampler.snapshot())
                recording = sampler.stop()
            assert_whole(recording)

        def used():
            gc.collect()
            traced, _ = tracemalloc.get_traced_memory()
            return [len(gc.get_objects()), sys.getallocatedblocks(), traced]

        cycles(1)  # what is imported then takes long when it is traced
        tracemalloc.start()
        half = CYCLES // 2
        cycles(half)
        before = used()
        references = sys.getrefcount(None), sys.getrefcount(work), sys.getrefcount(sys._getframe())
        cycles(half)
        after = used()
        # One object leaked in each cycle would be as many objects, blocks and 32 bytes as that.
        grown = [b - a for a, b in zip(before, after)]
        assert max(grown[:2]) < half // 2 and grown[2] < half * 16, grown
        assert sys.getrefcount(work) == references[1], (sys.getrefcount(work), references)
        assert sys.getrefcount(sys._getframe()) == references[2]
        # Where None is counted at all.
        assert abs(sys.getrefcount(None) - references[0]) < half // 2
        print("flat")
        """.replace("CYCLES", str(cycles(engine)))
    assert run_python(program, engine) == "flat\n"


def test_cycles_of_start_and_stop_leave_no_reference_to_a_type(engine: str) -> None:
    """What compilers make of generators and closures may do so; it takes no memory."""
    program = """
        import gc, sys
        from pyinstrument_sampler import Sampler

        def cycles(count):
            for number in range(count):
                with Sampler(1000, engine=ENGINE) as sampler:
                    sampler.snapshot()
            gc.collect()

        def all_types():
            found = {}  # by address: some compare with a warning
            new = [object]
            while new:
                kind = new.pop()
                if id(kind) not in found:
                    found[id(kind)] = kind
                    new += type.__subclasses__(kind)
            return list(found.values())

        cycles(10)
        types = all_types()
        before = list(map(sys.getrefcount, types))
        cycles(100)
        for kind, count in zip(types, before):
            if sys.getrefcount(kind) - count > 50:
                print(kind, sys.getrefcount(kind) - count)
        """
    assert run_python(program, engine) == ""


def test_native_memory_descriptors_and_threads_do_not_pile_up(engine: str) -> None:
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("the system does not show them in /proc")
    if "libasan" in os.environ.get("LD_PRELOAD", ""):
        pytest.skip("AddressSanitizer keeps what is freed")
    program = """
        import os
        from pyinstrument_sampler import Sampler

        def cycles(count):
            for number in range(count):
                with Sampler(1e-4, engine=ENGINE) as sampler:
                    exec(f"sum(sorted(range({number % 50}), key=lambda number: -number))")

        def used():
            # The system takes a moment to let go of a thread that was joined.
            while len(os.listdir("/proc/self/task")) > 1:
                pass
            with open("/proc/self/statm") as statm:
                pages = int(statm.read().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/proc/self/fd"))

        half = CYCLES // 2
        cycles(half)
        before = used()
        cycles(half)
        after = used()
        assert after[1] == before[1]
        # A kilobyte in each cycle; what is less is for the long form of this.
        assert after[0] - before[0] < max(half, 1024) * 1024, (before, after)
        print("flat")
        """.replace("CYCLES", str(cycles(engine)))
    assert run_python(program, engine) == "flat\n"


@pytest.mark.parametrize("engine", THREAD_ENGINES, indirect=True)  # of any thread
def test_threads_start_stop_and_look_at_once(engine: str) -> None:
    program = """
        import random, sys, threading
        from pyinstrument_sampler import Sampler, SamplerStateError
        from support.whole import assert_whole

        THREADS, ROUNDS = 6, 10
        with Sampler(1, engine=ENGINE):  # what is imported at the first end takes long then
            pass
        shared = [None] * THREADS
        failures = []
        is_ready = threading.Barrier(THREADS)

        def work():
            exec("sorted(range(20), key=lambda number: -number)")

        def play(own):
            order = random.Random(own)
            try:
                is_ready.wait()
                for _ in range(ROUNDS):
                    sampler = shared[own] = Sampler(1e-5, engine=ENGINE)
                    sampler.start()
                    work()
                    for _ in range(4):
                        other = shared[order.randrange(THREADS)]
                        try:
                            if other is not None:
                                assert_whole(order.choice((other.snapshot, other.stop))())
                        except SamplerStateError:
                            pass
                        work()
                    try:
                        sampler.stop()
                    except SamplerStateError:
                        pass
                    # Who was told to stop it may still be doing that.
                    while sampler.recording is None:
                        work()
                    assert_whole(sampler.recording)
            except BaseException as error:
                failures.append(repr(error))

        sys.setswitchinterval(1e-6)
        threads = [threading.Thread(target=play, args=(own,)) for own in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(failures, sys.getprofile())
        """
    assert run_python(program, engine) == "[] None\n"


@pytest.mark.parametrize("engine", THREAD_ENGINES, indirect=True)  # of any thread
def test_one_sampler_is_started_and_stopped_by_many_threads(engine: str) -> None:
    program = """
        import sys, threading
        from pyinstrument_sampler import Sampler, SamplerStateError
        from support.whole import assert_whole

        sampler = Sampler(1e-5, engine=ENGINE)
        with sampler:  # what is imported at the first end takes long while it is sampled
            pass
        failures, stops = [], []

        def play():
            try:
                for _ in range(20):
                    for act in (sampler.start, sampler.snapshot, sampler.stop):
                        try:
                            recording = act()
                        except SamplerStateError:
                            continue
                        if recording is not None:
                            assert_whole(recording)
                        if act == sampler.stop:
                            stops.append(1)
                        sorted(range(20), key=lambda number: -number)
            except BaseException as error:
                failures.append(repr(error))

        sys.setswitchinterval(1e-6)
        threads = [threading.Thread(target=play) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if sampler.is_running:
            sampler.stop()
        # It is as good as new.
        with sampler:
            sorted(range(20), key=lambda number: -number)
        assert_whole(sampler.recording)
        assert stops
        print(failures, sys.getprofile())
        """
    assert run_python(program, engine) == "[] None\n"


SAMPLED_WORKERS = """
import multiprocessing, sys
from pyinstrument_sampler import Sampler
from support.whole import assert_whole

def work(queue, engine):
    with Sampler(1e-4, engine=engine) as sampler:
        total = sum(sorted(range(1000), key=lambda number: -number))
    assert_whole(sampler.recording)
    queue.put((total, sampler.engine == engine))

if __name__ == "__main__":
    context = multiprocessing.get_context({method!r})
    queue = context.SimpleQueue()
    processes = [context.Process(target=work, args=(queue, {engine!r})) for _ in range(2)]
    for process in processes:
        process.start()
    print([queue.get() for _ in processes])
    for process in processes:
        process.join()
    print([process.exitcode for process in processes])
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_sample_themselves_beside_their_parent(
    engine: str, method: str, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(SAMPLED_WORKERS.format(method=method, engine=engine))
    expected = Outcome(0, "[(499500, True), (499500, True)]\n[0, 0]\n", "")

    assert run_plain(path) == expected
    assert run_sampled(engine, path, tmp_path, "-W", "always") == Sampled(expected, "whole")
