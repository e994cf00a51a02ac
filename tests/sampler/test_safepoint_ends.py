"""Forks and exits while the ``safepoint`` engine ticks."""

from __future__ import annotations

import pytest
from support.sampling import run_python

pytestmark = pytest.mark.usefixtures("needs_safepoint")


def test_fork_in_a_loop() -> None:
    program = """
        import os
        from pyinstrument_sampler import Sampler

        with Sampler(0.0001, engine=ENGINE) as sampler:
            statuses = set()
            for _ in range(30):
                child = os.fork()
                if child == 0:
                    sum(map(str.__len__, map(str, range(1000))))
                    os._exit(0)
                statuses.add(os.waitpid(child, 0)[1])
        facts = sampler.recording.facts
        print(statuses, facts.notes, sum(sampler.recording.samples.duration_ns) - facts.duration_ns)
        """
    assert run_python(program, "safepoint", "-W", "error") == "{0} () 0\n"


def test_sampling_goes_on_after_a_fork_with_hooks_of_others() -> None:
    program = """
        import os
        from pyinstrument_sampler import Sampler

        def count():
            for number in range(100):
                hooks.append(number)

        def ticks():
            return sampler.snapshot().facts.ticks_asked

        hooks = []
        os.register_at_fork(before=count, after_in_parent=count)
        with Sampler(0.0001, engine=ENGINE) as sampler:
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    os._exit(0)
                os.waitpid(child, 0)
                before = ticks()
                while ticks() < before + 3:
                    sum(range(100))
        print(len(hooks), sampler.recording.facts.notes)
        """
    assert run_python(program, "safepoint", "-W", "error") == "4000 ()\n"


def test_child_can_sample_itself() -> None:
    program = """
        import os
        from pyinstrument_sampler import Sampler

        if os.fork() == 0:
            with Sampler(0.0001, engine=ENGINE) as sampler:
                while sampler.snapshot().facts.ticks_asked < 50:
                    sum(range(1000))
            samples = sampler.recording.samples
            print(sum(samples.ticks) > 5, min(samples.cpu_ns) >= 0, sum(samples.cpu_ns) > 0)
        else:
            os.wait()
        """
    assert run_python(program, "safepoint") == "True True True\n"


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("sys.exit(0)", 0),
        ("os._exit(0)", 0),
        ("threading.Thread(target=spin, daemon=True).start()", 0),
        ("threading.Thread(target=sampler.stop).start()", 0),
        ("atexit.register(list, map(str, range(100_000)))", 0),
        ("os.kill(os.getpid(), signal.SIGTERM)", 0),
    ],
)
def test_exit_while_it_ticks(last: str, status: int) -> None:
    program = f"""
        import atexit, os, signal, sys, threading
        from pyinstrument_sampler import Sampler

        def spin():
            while True:
                pass

        class Last:
            def __del__(self):
                for _ in range(10_000):
                    pass

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        last = sys.last = Last()
        last.me = last
        sampler = Sampler(0.0001, engine=ENGINE)
        sampler.start()
        for _ in range(10_000):
            pass
        {last}
        """
    assert run_python(program, "safepoint") == ""


def test_sampler_in_a_forked_grandchild_of_a_thread() -> None:
    program = """
        import os, threading
        from pyinstrument_sampler import Sampler

        def child():
            if os.fork() == 0:
                with Sampler(0.0001, engine=ENGINE) as inner:
                    while inner.snapshot().facts.ticks_asked < 20:
                        sum(range(100))
                os._exit(0)
            statuses.append(os.wait()[1])

        statuses = []
        with Sampler(0.0001, engine=ENGINE):
            thread = threading.Thread(target=child)
            thread.start()
            thread.join()
        print(statuses)
        """
    assert run_python(program, "safepoint", "-W", "ignore") == "[0]\n"
