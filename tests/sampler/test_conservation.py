"""No time is lost or invented, equal samples share a row, and an interval is kept."""

from __future__ import annotations

import itertools
import random
from typing import Any, Callable

from support.sampling import ONE, THREE, TWO, FakeClock, rows, run_python, sampler

from pyinstrument_sampler import Recording, Sampler


def check(recording: Recording) -> None:
    """What holds for every recording of one thread."""
    samples = recording.samples
    ends = [start + duration for start, duration in zip(samples.start_ns, samples.duration_ns)]
    assert list(samples.start_ns) == [0, *ends][:-1]
    assert min(samples.duration_ns, default=0) >= 0
    assert sum(samples.duration_ns) == recording.facts.duration_ns
    assert sum(samples.ticks) == recording.facts.sample_count
    assert set(samples.thread) <= {0}
    assert recording.strings[0] == ""
    for child, parent in enumerate(recording.stacks.parent):
        assert parent < child or child == 0
    for column, table in [
        (samples.stack, recording.stacks.parent),
        (recording.stacks.location[1:], recording.locations.frame),
        (recording.locations.frame, recording.frames.kind),
        (recording.frames.function, recording.strings),
        (recording.frames.class_name, recording.strings),
    ]:
        assert max(column, default=0) <= len(table)


def sorted_below(count: int) -> object:
    return sorted(range(count), key=lambda number: -number)


def busy(spend: Callable[[int], object], chooser: random.Random, depth: int = 0) -> None:
    for _ in range(3):
        spend(chooser.randrange(4))
        if depth < 4 and chooser.random() < 0.6:
            busy(spend, chooser, depth + 1)


def test_durations_add_up_to_the_time_profiled(engine: str, clock: FakeClock) -> None:
    for seed in range(5):
        before = len(clock)
        with sampler(clock, engine) as s:
            busy(lambda n: clock.extend([0] * n), random.Random(seed))
        assert s.recording is not None
        check(s.recording)
        assert s.recording.facts.duration_ns == (len(clock) - before) * 10**9


def test_durations_add_up_in_real_time(engine: str) -> None:
    for seed in range(10):
        # Code that is new to the run at each stop: to name it takes the sampler itself some time.
        namespace: dict[str, Any] = {}
        exec(f"def program_{seed}():\n    begin()\n    work()\n    end()", namespace)
        s = Sampler(1e-6, engine=engine)
        namespace.update(
            begin=s.start,
            work=lambda seed=seed: busy(sorted_below, random.Random(seed)),
            end=s.stop,
        )
        namespace[f"program_{seed}"]()

        assert s.recording is not None
        check(s.recording)
        assert s.recording.facts.clock == "monotonic"
        assert s.recording.facts.sample_count > 0


def test_equal_samples_in_a_row_share_one_row(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        for _ in range(1000):
            clock.append(0)

    assert s.recording is not None
    samples = [
        (sample.duration_ns, sample.ticks)
        for sample in s.recording.iter_samples()
        if sample.duration_ns
    ]
    assert samples == [(1000 * 10**9, 1000)]


def test_samples_are_no_closer_than_the_interval(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        for _ in range(10):
            clock.append(0)

    with Sampler(3, clock=clock.read(), engine=engine) as s:
        work()
        clock.append(0)

    assert s.recording is not None
    found = [sample.duration_ns // 10**9 for sample in s.recording.iter_samples()]
    # 3 + 3 + 3 seconds are one row; the rest is what stop() finds.
    assert [duration for duration in found if duration] == [9, 2]


def test_time_since_the_last_sample_belongs_to_who_stops(engine: str, clock: FakeClock) -> None:
    s = Sampler(100, clock=clock.read(), engine=engine)

    def stopper() -> None:
        nonlocal clock
        clock += THREE
        s.stop()

    s.start()
    stopper()

    assert s.recording is not None
    assert rows(s.recording) == [("stopper", 3)]


def test_clock_that_ticks_at_every_look_conserves_time(engine: str) -> None:
    ticks = itertools.count()
    with Sampler(0.5, clock=ticks.__next__, engine=engine) as s:
        busy(str, random.Random(2))

    assert s.recording is not None
    check(s.recording)


def test_clock_that_goes_backwards_makes_no_negative_time(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        clock += THREE
        clock.append(0)
        del clock[2:]
        clock.append(0)
        clock.append(0)

    assert s.recording is not None
    check(s.recording)


def test_snapshot_shows_what_was_seen_so_far(engine: str, clock: FakeClock) -> None:
    def work() -> None:
        nonlocal clock
        clock += TWO

    s = sampler(clock, engine)
    s.start()
    work()
    clock += ONE
    first = s.snapshot()
    assert s.is_running
    work()
    last = s.stop()

    check(first)
    check(last)
    assert rows(first) == [("work", 2), ("", 1)]
    assert rows(last) == [("work", 2), ("", 1), ("work", 2)]


def test_snapshot_is_not_changed_by_what_follows(engine: str, clock: FakeClock) -> None:
    s = sampler(clock, engine)
    s.start()
    clock.append(0)
    first = s.snapshot()
    copies = [list(column) for column in first.samples]
    clock.append(0)
    clock.append(0)
    s.stop()

    assert [list(column) for column in first.samples] == copies


def test_recording_of_nothing_is_empty_and_whole(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        pass

    assert s.recording is not None
    check(s.recording)
    assert s.recording.facts.duration_ns == 0


def test_functions_made_and_freed_keep_their_names_apart(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        for number in range(200):
            namespace = {"clock": clock}
            exec(f"def made_{number}():\n    clock.append(0)", namespace)
            namespace[f"made_{number}"]()  # type: ignore[operator]
            del namespace

    assert s.recording is not None
    assert rows(s.recording) == [(f"made_{number} > FakeClock.append", 1) for number in range(200)]


def test_functions_made_and_freed_do_not_pile_up(engine: str) -> None:
    # Counts code objects before the sampling ends, since afterwards all are free anyway.
    program = """
        import gc
        from types import CodeType
        from pyinstrument_sampler import Sampler
        import weakref

        alive = weakref.WeakSet()
        clock = []
        with Sampler(0.5, engine=ENGINE, clock=clock.__len__) as sampler:
            for number in range(100):
                code = compile(f"clock.append({number})", "<made>", "exec")
                alive.add(code)
                exec(code)
                del code
            gc.collect()
            print(len(alive))
    """
    assert run_python(program, engine) == "0\n"
