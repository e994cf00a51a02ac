"""The report store keeps the newest reports, loses none of one second, and can be moved or off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable

import pytest

from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import ReportStoreError, UnknownReportError
from pyinstrument_renderers.report_store import ReportStore, default_folder, open_report_store
from pyinstrument_renderers.settings import Settings

NewSession = Callable[..., Session]

START_NS = 1_700_000_000_250_000_000
ID = "2023-11-14T22-13-20"


@pytest.fixture()
def store(tmp_path: Path) -> ReportStore:
    return ReportStore(str(tmp_path / "data" / "reports"), keep=3)


def started(new_session: NewSession, second: int, title: str = "t") -> Session:
    return new_session([], title=title, start_time_ns=START_NS + second * 1_000_000_000)


def age(store: ReportStore, report_id: str, seconds: int) -> None:
    """Makes a report look saved that long ago."""
    path = store.path(report_id)
    saved = os.stat(path).st_mtime - seconds
    os.utime(path, (saved, saved))


def test_a_saved_report_is_found_by_its_start(store: ReportStore, example: Session) -> None:
    assert store.save(example) == ID
    assert store.load(ID) == example
    assert os.listdir(store.folder) == [f"{ID}.pyisession"]


def test_two_runs_of_one_second_are_both_kept(store: ReportStore, new_session: NewSession) -> None:
    first, second = started(new_session, 0, "first"), started(new_session, 0, "second")

    ids = [store.save(first), store.save(second)]

    assert ids == [ID, f"{ID}-2"]
    assert [store.load(report_id) for report_id in ids] == [first, second]


def test_saving_the_same_session_again_keeps_its_id(store: ReportStore, example: Session) -> None:
    assert [store.save(example), store.save(example)] == [ID, ID]
    assert store.ids() == [ID]


def test_only_the_newest_are_kept(store: ReportStore, new_session: NewSession) -> None:
    saved = []
    for second in range(5):
        saved.append(store.save(started(new_session, second)))
        age(store, saved[-1], 100 - second)

    assert store.ids() == saved[:1:-1]


def test_a_report_from_long_ago_survives_its_own_saving(
    store: ReportStore, new_session: NewSession
) -> None:
    for second in range(3):
        age(store, store.save(started(new_session, second)), 100 - second)

    old = store.save(started(new_session, -1000))

    assert store.ids()[0] == old
    assert len(store.ids()) == 3


def test_files_of_others_are_never_pruned(store: ReportStore, new_session: NewSession) -> None:
    os.makedirs(store.folder)
    for name in ("notes.txt", "mine.pyisession"):
        Path(store.folder, name).write_text("mine")

    for second in range(5):
        store.save(started(new_session, second))

    assert {"notes.txt", "mine.pyisession"} < set(os.listdir(store.folder))


def test_an_unknown_id_lists_the_newest(store: ReportStore, new_session: NewSession) -> None:
    with pytest.raises(UnknownReportError) as caught:
        store.load("2020-01-01T00-00-00")
    assert str(caught.value) == (
        f"no report '2020-01-01T00-00-00' in {store.folder}; the store is empty"
    )

    saved = store.save(started(new_session, 0))
    with pytest.raises(UnknownReportError) as caught:
        store.load("../../etc/passwd")
    assert str(caught.value) == (
        f"no report '../../etc/passwd' in {store.folder}; the newest are: {saved}"
    )


def test_a_store_that_cannot_be_made_says_how_to_go_on(tmp_path: Path, example: Session) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = ReportStore(str(tmp_path / "file" / "reports"))

    with pytest.raises(ReportStoreError) as caught:
        store.save(example)

    assert str(caught.value) == (
        f"cannot write the report store: {store.folder}: Not a directory "
        "(PYINSTRUMENT_REPORTS_DIR moves it, PYINSTRUMENT_REPORTS=0 switches it off)"
    )


def test_a_full_disk_leaves_nothing_behind(
    store: ReportStore, example: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(source: str, destination: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)

    with pytest.raises(ReportStoreError, match="No space left on device"):
        store.save(example)

    assert os.listdir(store.folder) == []


def test_settings_move_limit_and_switch_it_off() -> None:
    assert open_report_store(Settings(reports=False)) is None

    moved = open_report_store(Settings(reports_dir="/data/reports", reports_keep=3))
    assert moved is not None
    assert (moved.folder, moved.keep) == ("/data/reports", 3)

    usual = open_report_store(Settings())
    assert usual is not None
    assert (usual.folder, usual.keep) == (default_folder(), 10)


@pytest.mark.skipif(os.name == "nt", reason="Windows writes its paths differently")
@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, "/home/u/.local/share/pyinstrument/reports"),
        ("linux", {"XDG_DATA_HOME": "/d"}, "/d/pyinstrument/reports"),
        ("linux", {"XDG_DATA_HOME": "rel"}, "/home/u/.local/share/pyinstrument/reports"),
        ("darwin", {}, "/home/u/Library/Application Support/pyinstrument/reports"),
        ("win32", {"LOCALAPPDATA": "/L"}, "/L/com.github.joerick/pyinstrument/reports"),
        ("win32", {}, "/home/u/AppData/Local/com.github.joerick/pyinstrument/reports"),
    ],
)
def test_the_folder_follows_the_platform(
    monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str], expected: str
) -> None:
    monkeypatch.setenv("HOME", "/home/u")

    assert default_folder(environ, platform) == expected
