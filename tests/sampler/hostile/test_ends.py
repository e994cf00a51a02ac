"""However a program ends, its status and what it prints are those of plain Python."""

from __future__ import annotations

import os
import sys
import textwrap
from functools import lru_cache
from pathlib import Path

import pytest
from support.engines import POSSIBLE_COMPILED_ENGINES, THREAD_ENGINES
from support.hostile_runs import Outcome, Sampled, run_plain, run_sampled
from support.sampling import run_python

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")

WORK = """
import atexit, os, signal, sys, threading, time

def work(number=300):
    return sum(sorted(range(number), key=lambda value: -value))

def descend(levels, then):
    return descend(levels - 1, then) if levels else then()

def raise_(error):
    raise error

print(work(), flush=True)
"""

WITH_RECORDING = {
    "at its last line": "",
    "sys.exit with a status": "descend(30, lambda: sys.exit(3))",
    "sys.exit with a text": "sys.exit('a text')",
    "sys.exit with something else": "sys.exit([1, 2])",
    "an exception": "descend(30, lambda: raise_(ValueError('of the program')))",
    "an exception with a cause": """
        try:
            work() / 0
        except ZeroDivisionError as error:
            raise LookupError("second") from error
        """,
    "an exception that cannot be shown": """
        class Unshowable(Exception):
            def __str__(self):
                raise LookupError
        raise Unshowable
        """,
    "an interruption": "raise_(KeyboardInterrupt())",
    "a generator that was left": """
        def left():
            try:
                yield
            finally:
                print("closed", work())
        generator = left()
        next(generator)
        """,
    "functions for its exit": """
        atexit.register(lambda: print("exits", work()))
        atexit.register(lambda: raise_(ValueError("at exit")))
        """,
    "a thread that goes on": """
        def wait():
            threading.main_thread().join()
            print("thread", work())
        threading.Thread(target=wait).start()
        """,
    "a thread that fails": """
        thread = threading.Thread(target=raise_, args=(ValueError("in a thread"),), name="worker")
        thread.start()
        thread.join()
        """,
    "a finalizer that fails": """
        class Failing:
            def __del__(self):
                raise ValueError("in a finalizer")
        Failing()
        work()
        """,
}
"""Programs that leave the sampled code as Python code does."""

WITHOUT_RECORDING = {
    "os._exit": "descend(30, lambda: os._exit(4))",
    "os._exit in a thread": """
        threading.Thread(target=os._exit, args=(5,)).start()
        while True:
            work()
        """,
    "os.abort": "os.abort()",
    "a signal that kills": "os.kill(os.getpid(), signal.SIGKILL)",
    "a signal that terminates": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)",
    "another program instead": """
        os.execv(sys.executable, [sys.executable, "-c", "print('another'); raise SystemExit(6)"])
        """,
}
"""Programs whose process ends at once, so that nobody is left to hand a recording over."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


def program(folder: Path, way: str, body: str) -> Path:
    # The same path for every engine: tracebacks name it.
    path = folder / f"{way}.py"
    path.write_text(WORK + textwrap.dedent(body))
    return path


@lru_cache(maxsize=None)
def plain(path: Path) -> Outcome:
    return run_plain(path)


@pytest.mark.parametrize("way", WITH_RECORDING)
def test_program_that_ends_by(engine: str, way: str, folder: Path, tmp_path: Path) -> None:
    path = program(folder, way, WITH_RECORDING[way])

    assert run_sampled(engine, path, tmp_path) == Sampled(plain(path), "whole")


# A profile function in Python takes the last frames below the limit for itself.
@pytest.mark.parametrize("engine", POSSIBLE_COMPILED_ENGINES, indirect=True)
def test_program_that_ends_by_endless_recursion(engine: str, folder: Path, tmp_path: Path) -> None:
    body = """
        sys.setrecursionlimit(200)
        sys.tracebacklimit = 3
        descend(10 ** 6, work)
        """
    path = program(folder, "endless recursion", body)

    assert run_sampled(engine, path, tmp_path) == Sampled(plain(path), "whole")


@needs_fork
@pytest.mark.parametrize("way", WITHOUT_RECORDING)
def test_process_that_ends_by(engine: str, way: str, folder: Path, tmp_path: Path) -> None:
    path = program(folder, way, WITHOUT_RECORDING[way])

    assert run_sampled(engine, path, tmp_path) == Sampled(plain(path), "")


def test_daemon_threads_at_exit(engine: str, folder: Path, tmp_path: Path) -> None:
    body = """
        sys.setswitchinterval(1e-4)  # the interpreter's end waits for each of them that long
        is_busy = [threading.Event() for _ in range(4)]

        def spin(event):
            while True:
                work(20)
                event.set()

        for event in is_busy:
            threading.Thread(target=spin, args=(event,), daemon=True).start()
        for event in is_busy:
            event.wait()
        """
    path = program(folder, "daemon threads", body)

    assert run_sampled(engine, path, tmp_path) == Sampled(plain(path), "whole")


@pytest.mark.parametrize("engine", THREAD_ENGINES, indirect=True)  # of any thread
@pytest.mark.parametrize("end", ["pass", "sys.exit(0)", "threading.Thread(target=work).start()"])
def test_samplers_that_are_left_running_in_every_thread(engine: str, end: str) -> None:
    text = """
        import atexit, sys, threading
        from pyinstrument_sampler import Sampler

        def work():
            sorted(range(50), key=lambda number: -number)

        def sample(is_started, is_daemon):
            sampler = Sampler(1e-4, engine=ENGINE)
            sampler.start()
            kept.append(sampler)
            is_started.set()
            while is_daemon or threading.main_thread().is_alive():
                work()

        class Late:
            def __del__(self):
                work()

        kept = [Late()]
        for is_daemon in (True, False, True):
            is_started = threading.Event()
            thread = threading.Thread(target=sample, args=(is_started, is_daemon))
            thread.daemon = is_daemon
            thread.start()
            is_started.wait()
        sampler = Sampler(1e-4, engine=ENGINE)
        sampler.start()
        atexit.register(work)
        print("exits", flush=True)
        """
    assert run_python(textwrap.dedent(text) + end, engine, "-W", "error") == "exits\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_interruption_from_outside_at_any_moment(engine: str) -> None:
    text = """
        import os, signal, sys, threading
        from pyinstrument_sampler import Sampler
        from support.whole import assert_whole

        def work():
            while True:
                sorted(range(20), key=lambda number: -number)

        # Programs that a shell starts in the background ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for attempt in range(20):
            sampler = Sampler(1e-5, engine=ENGINE)
            thread = threading.Timer(0.002, os.kill, (os.getpid(), signal.SIGINT))
            try:
                try:
                    thread.start()
                    sampler.start()
                    work()
                finally:
                    thread.join()
            except KeyboardInterrupt:
                if sampler.is_running:  # it may have come before it was
                    assert_whole(sampler.stop())
            assert sys.getprofile() is None
        print("done")
        """
    assert run_python(text, engine) == "done\n"
