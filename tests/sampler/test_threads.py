"""``threads=``: every recorded thread has its own samples, each as true as those of one thread."""

from __future__ import annotations

import _thread
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.busy import be_busy
from support.sampling import FakeClock, sampler, totals
from support.threads import (
    Work,
    Worker,
    assert_without_gaps,
    leaf_seconds,
    reaches_running_threads,
    run_thread,
    thread_seconds,
)

from pyinstrument_sampler import (
    InvalidOptionError,
    Sampler,
    UnknownThreadError,
)


def test_current_records_only_the_thread_that_starts_it(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine) as s:
        run_thread(Work(clock).work)
        Work(clock).more()

    assert s.recording is not None
    assert thread_seconds(s.recording) == {"MainThread": 5}
    assert s.recording.facts.threads == "current"
    assert s.threads == "current"
    assert totals(s.recording)["Work.more"] == 3


def test_all_records_a_thread_that_starts_and_ends_meanwhile(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        Work(clock).more()
        run_thread(Work(clock).work)
        Work(clock).more()

    assert s.recording is not None
    found = leaf_seconds(s.recording)
    assert found["worker"] == {"Work.work": 2}
    assert found["MainThread"].pop("Work.more") == 6
    assert sum(found["MainThread"].values()) == 2  # in which it waited
    assert s.recording.facts.threads == "all"
    assert s.recording.thread_name(0) == "MainThread"
    assert_without_gaps(s.recording)


def test_thread_is_recorded_from_when_it_is_first_seen(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        Work(clock).more()
        run_thread(Work(clock).work)

    assert s.recording is not None
    starts = [sample.start_ns for sample in s.recording.iter_samples() if sample.thread == 1]
    assert starts[0] == 3 * 10**9


def test_all_records_threads_that_ran_before_or_says_that_it_cannot(
    engine: str, clock: FakeClock
) -> None:
    with Worker("early") as worker:
        with sampler(clock, engine, threads="all") as s:
            worker.do(Work(clock).work)
            Work(clock).more()

    assert s.recording is not None
    if reaches_running_threads(engine):
        assert leaf_seconds(s.recording)["early"]["Work.work"] == 2
        assert thread_seconds(s.recording) == {"MainThread": 5, "early": 5}
        assert s.recording.facts.notes == ()
    else:
        assert thread_seconds(s.recording) == {"MainThread": 5}
        (note,) = s.recording.facts.notes
        assert note.startswith("Threads that ran before the start were not recorded (")
        assert note.endswith("): early.")


def test_thread_without_any_event_is_seen_when_it_is_stopped(engine: str, clock: FakeClock) -> None:
    if not reaches_running_threads(engine):
        pytest.skip("the engine cannot see such a thread")
    with Worker("early"):
        with sampler(clock, engine, threads="all") as s:
            Work(clock).work()

    assert s.recording is not None
    assert list(leaf_seconds(s.recording)["early"].values()) == [2]


def test_workers_of_a_pool_are_recorded(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
            for _ in range(3):
                pool.submit(Work(clock).work).result()

    assert s.recording is not None
    assert leaf_seconds(s.recording)["pool_0"]["Work.work"] == 6
    assert_without_gaps(s.recording)


def test_two_busy_threads_have_the_time_of_their_own(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads="all") as s:
        with Worker("one") as one, Worker("two") as two:
            for _ in range(3):
                one.do(Work(clock).work)
                two.do(Work(clock).more)

    assert s.recording is not None
    found = leaf_seconds(s.recording)
    assert (found["one"]["Work.work"], "Work.more" in found["one"]) == (6, False)
    assert (found["two"]["Work.more"], "Work.work" in found["two"]) == (9, False)
    assert_without_gaps(s.recording)


def test_two_threads_that_really_run_at_once_are_both_seen(engine: str) -> None:
    used = {}

    def spin() -> None:
        be_busy()
        used[threading.current_thread().name] = time.thread_time()

    with Sampler(0.0005, engine=engine, threads="all", async_mode="disabled") as s:
        threads = [threading.Thread(target=spin, name=name) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert s.recording is not None
    for name in ("one", "two"):
        row = [s.recording.thread_name(i) for i in range(len(s.recording.threads.ident))].index(
            name
        )
        mine = [sample for sample in s.recording.iter_samples() if sample.thread == row]
        spun = [
            sample
            for sample in mine
            if "spin" in [place.frame.function for place in s.recording.stack(sample.stack)]
        ]
        assert 0 < sum(sample.cpu_ns for sample in spun) / 1e9 < 1.5 * used[name]
    assert_without_gaps(s.recording)


def test_chosen_threads_are_the_only_ones_recorded(engine: str, clock: FakeClock) -> None:
    with Worker("chosen") as chosen, Worker("other") as other:
        ident = chosen.thread.ident
        assert ident is not None
        with sampler(clock, engine, threads=[ident]) as s:
            chosen.do(Work(clock).work)
            other.do(Work(clock).work)
            run_thread(Work(clock).more)
            Work(clock).more()

    assert s.recording is not None
    assert s.threads == frozenset([ident])
    assert s.recording.facts.threads == "chosen"
    if reaches_running_threads(engine):
        assert leaf_seconds(s.recording)["chosen"]["Work.work"] == 2
        assert thread_seconds(s.recording) == {"chosen": 10}
        assert s.recording.thread_name(0) == "chosen"
    else:
        assert thread_seconds(s.recording) == {}
        assert s.recording.facts.notes[0].endswith("): chosen.")


def test_own_thread_can_be_chosen(engine: str, clock: FakeClock) -> None:
    with sampler(clock, engine, threads={threading.get_ident()}) as s:
        Work(clock).work()
        run_thread(Work(clock).more)

    assert s.recording is not None
    assert thread_seconds(s.recording) == {"MainThread": 5}
    assert s.recording.facts.threads == "chosen"
    assert s.recording.facts.notes == ()


@pytest.mark.parametrize("threads", ["", "some", [], (), 3, None, [1.5], [True], ["all"], object()])
def test_threads_that_mean_nothing_are_refused(threads: object) -> None:
    with pytest.raises(InvalidOptionError, match="threads must be 'current', 'all' or"):
        Sampler(threads=threads)  # type: ignore[arg-type]


def test_ident_that_no_thread_has_is_refused_by_the_start(engine: str) -> None:
    me = threading.get_ident()
    s = Sampler(engine=engine, threads=[me, 1])
    with pytest.raises(
        UnknownThreadError, match=rf"no thread has the ident 1; .*\b{me} \(MainThread\)"
    ):
        s.start()

    assert not s.is_running


def test_name_that_a_thread_gets_while_it_runs_is_the_one_shown(
    engine: str, clock: FakeClock
) -> None:
    def rename() -> None:
        threading.current_thread().name = "renamed"

    with sampler(clock, engine, threads="all") as s, Worker("first") as worker:
        worker.do(Work(clock).work)
        worker.do(rename)
        recording = s.snapshot()

    assert set(thread_seconds(recording)) == {"MainThread", "renamed"}


def test_thread_that_threading_does_not_know_has_no_name(engine: str, clock: FakeClock) -> None:
    if engine != "monitoring":
        pytest.skip("the engine sees only threads that threading starts")
    is_done = threading.Lock()
    is_done.acquire()

    def body() -> None:
        Work(clock).work()
        is_done.release()

    with sampler(clock, engine, threads="all") as s:
        _thread.start_new_thread(body, ())
        is_done.acquire()

    assert s.recording is not None
    assert leaf_seconds(s.recording)[""] == {"Work.work": 2}
    assert s.recording.thread_name(1) is None


def test_thread_that_waits_uses_no_cpu(engine: str) -> None:
    started, lock = threading.Event(), threading.Lock()

    def wait() -> None:
        started.set()
        with lock:
            pass

    with Sampler(0.0005, engine=engine, threads="all") as s:
        lock.acquire()
        thread = threading.Thread(target=wait, name="waiting")
        thread.start()
        started.wait()
        be_busy(0.05)
        lock.release()
        thread.join()

    assert s.recording is not None
    used = [0, 0]
    for sample in s.recording.iter_samples():
        used[sample.thread] += sample.cpu_ns
    assert s.recording.thread_name(1) == "waiting"
    assert used[0] >= 0.01e9  # what the sampler itself used is not in it
    assert used[1] < used[0] / 4
