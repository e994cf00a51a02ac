"""A signal starts a profile of a running process; the next one ends and saves it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Iterator

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
