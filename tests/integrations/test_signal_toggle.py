"""A signal starts a profile of a running process; the next one ends and saves it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, Iterator

import pytest
from support.busy import be_busy

from pyinstrument_integrations.errors import InvalidSettingError
from pyinstrument_integrations.record_options import RecordOptions
from pyinstrument_integrations.signal_toggle import SignalToggle, find_signal, profile_on_signal
from pyinstrument_integrations.task_settings import TaskSettings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user signals")


@pytest.fixture
def toggle(tmp_path: Path) -> Iterator[SignalToggle]:
    found = profile_on_signal("SIGUSR1", profile_dir=tmp_path, renderer="text")
    yield found
    found.close()


def send() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def spin() -> None:
    be_busy()


def test_what_runs_between_two_signals_is_saved(toggle: SignalToggle, tmp_path: Path) -> None:
    send()
    assert toggle.is_running
    spin()
    send()
    assert not toggle.is_running
    toggle.wait()
    (report,) = tmp_path.glob(f"*process {os.getpid()}*.txt")
    assert "spin  " in report.read_text(encoding="utf-8")


def test_all_threads_are_in_the_profile(toggle: SignalToggle, tmp_path: Path) -> None:
    go = threading.Event()

    def wait_and_spin() -> None:
        go.wait(10)
        spin()

    thread = threading.Thread(target=wait_and_spin, name="the-other")
    thread.start()
    send()
    go.set()
    thread.join()
    send()
    toggle.wait()
    (report,) = tmp_path.glob("*.txt")
    assert "the-other" in report.read_text(encoding="utf-8")


def test_it_may_be_done_any_number_of_times(toggle: SignalToggle, tmp_path: Path) -> None:
    for _ in range(4):
        send()
    toggle.wait()
    assert len(list(tmp_path.glob("*.txt"))) == 2


class Interrupted(TaskSettings):
    """Settings of a toggle whose answer to a signal is interrupted by the next."""

    is_interrupted = False

    def record_options(self) -> RecordOptions:
        if not self.is_interrupted:
            self.is_interrupted = True
            send()
        return super().record_options()


def test_a_signal_that_interrupts_the_answer_to_another_is_answered_after_it(
    tmp_path: Path,
) -> None:
    settings = Interrupted(tmp_path, renderer="text", threads="all", async_mode="disabled")
    toggle = SignalToggle(find_signal("SIGUSR1"), settings).install()
    try:
        send()
        assert not toggle.is_running
        toggle.wait()
        assert len(list(tmp_path.glob("*.txt"))) == 1
    finally:
        toggle.close()


class Counted(SignalToggle):
    """A toggle that counts instead of profiling; the first answer may end in an exception."""

    answers = 0
    failure: BaseException | None = None

    def _toggle(self, frame: FrameType) -> None:
        self.answers += 1
        failure, self.failure = self.failure, None
        if failure is not None:
            send()
            raise failure


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    found = Counted(find_signal("SIGUSR1"), TaskSettings(tmp_path))
    found.install()
    yield found
    found.close()


def test_no_signal_is_lost_wherever_it_interrupts_the_handler(counted: Counted) -> None:
    """Before Python 3.12, handlers run between any two instructions."""
    answers: list[int] = []
    is_sent = True
    while is_sent:
        left, is_sent = len(answers), False

        def interrupt(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal left, is_sent
            if frame.f_code is not SignalToggle._handle.__code__:
                return None
            frame.f_trace_opcodes = True
            if event in ("line", "opcode") and not is_sent:  # 3.12 does not tell of the latter
                left, is_sent = left - 1, left == 0
                if is_sent:
                    send()
            return interrupt

        counted.answers = 0
        before = sys.gettrace()
        sys.settrace(interrupt)
        try:
            send()
        finally:
            sys.settrace(before)
        answers.append(counted.answers)
    assert answers[:-1] == [2] * (len(answers) - 1)
    assert answers[-1] == 1
    assert len(answers) > 5


def test_a_signal_after_an_answer_that_was_broken_off_is_answered_once(counted: Counted) -> None:
    counted.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        send()
    counted.answers = 0
    send()
    assert counted.answers == 1


AFTER_THE_MAIN_THREAD = """
import os, signal, sys, threading, time
from pyinstrument_integrations.signal_toggle import profile_on_signal

toggle = profile_on_signal("SIGUSR1", profile_dir=sys.argv[1], renderer="text")
signal.signal(signal.SIGUSR2, lambda number, frame: None)

def run_on():
    threading.main_thread().join()
    for is_wanted in (True, False):
        os.kill(os.getpid(), signal.SIGUSR1)
        deadline = time.monotonic() + 30
        while toggle.is_running is not is_wanted and time.monotonic() < deadline:
            # A signal that comes just before the main thread waits is seen when it next wakes.
            os.kill(os.getpid(), signal.SIGUSR2)
            time.sleep(0.001)

threading.Thread(target=run_on, name="runs-on").start()
"""


def test_a_program_whose_main_thread_has_ended_is_profiled_too(tmp_path: Path) -> None:
    command = [sys.executable, "-c", AFTER_THE_MAIN_THREAD, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    (report,) = tmp_path.glob("*.txt")
    assert "runs-on" in report.read_text(encoding="utf-8")


def test_no_thread_is_started_by_the_code_that_the_signal_interrupted(
    toggle: SignalToggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That may be code of threading, with a lock that Thread.start() would wait for."""
    starters: list[int] = []
    start = threading.Thread.start

    def noted_start(thread: threading.Thread) -> None:
        starters.append(threading.get_ident())
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted_start)
    send()
    send()
    toggle.wait()
    assert len(list(tmp_path.glob("*.txt"))) == 1
    assert threading.get_ident() not in starters


def test_the_signal_is_given_back(tmp_path: Path) -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    try:
        profile_on_signal("usr1", profile_dir=tmp_path).close()
        send()
        assert seen == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_folder_that_cannot_be_written_to_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    toggle = profile_on_signal("SIGUSR1", profile_dir=tmp_path / "file")
    try:
        send()
        send()
        toggle.wait()
        assert "failed while saving the profile of a process" in caplog.text
    finally:
        toggle.close()


def test_a_signal_may_be_given_as_the_signal_module_has_it() -> None:
    assert [find_signal(name) for name in (signal.SIGUSR1, "SIGUSR1", "usr1")] == [
        signal.SIGUSR1
    ] * 3


def test_a_signal_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="there is no signal 'SIGNOTHING' here"):
        find_signal("SIGNOTHING")


def test_a_signal_that_cannot_be_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="SIGKILL cannot be taken here"):
        profile_on_signal("SIGKILL", profile_dir=tmp_path)


def test_another_thread_cannot_take_a_signal(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def install() -> None:
        try:
            profile_on_signal("SIGUSR1", profile_dir=tmp_path)
        except InvalidSettingError as error:
            errors.append(error)

    thread = threading.Thread(target=install)
    thread.start()
    thread.join()
    assert "the main thread" in str(errors[0])
