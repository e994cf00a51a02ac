"""A folder of reports: what is saved, what is dropped, and the page that lists the rest."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from support.made_up_sessions import small_session

from pyinstrument_integrations.errors import InvalidSettingError, ProfileFolderError
from pyinstrument_integrations.profile_folder import ProfileFolder
from pyinstrument_integrations.report_format import ReportFormat
from pyinstrument_integrations.saved_profile import SavedProfile
from pyinstrument_integrations.subject import Subject
from pyinstrument_model.session import Session

SUBJECT = Subject("/users/5", "GET", "/users/{id}")

SECOND_NS = 1_000_000_000


class Clock:
    """A second later at each call."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def folder_of(path: Path, **options: Any) -> ProfileFolder:
    return ProfileFolder(
        path / "deep" / "er", report=ReportFormat("text"), clock=Clock(), **options
    )


def names(folder: ProfileFolder) -> list[str]:
    return [saved.file_name for saved in folder.profiles()]


def files(folder: ProfileFolder) -> list[str]:
    return sorted(name for name in os.listdir(folder.path) if name != ".pyinstrument")


def session_of(seconds: float = 0.25) -> Session:
    return small_session(duration_ns=round(seconds * SECOND_NS))


def test_a_report_is_saved_under_a_name_made_of_the_template(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    path = folder.save(session_of(), SUBJECT, status="200")
    assert path == str(tmp_path / "deep" / "er" / "0.250s _users_5 1700000001.txt")
    assert Path(path).read_text(encoding="utf-8") == ReportFormat("text").render(
        session_of()
    ).decode("utf-8")
    assert folder.profiles() == [
        SavedProfile(
            file_name="0.250s _users_5 1700000001.txt",
            name="/users/5",
            kind="GET",
            route="/users/{id}",
            saved_at=1_700_000_001.0,
            duration=0.25,
            samples=session_of().sample_count,
            status="200",
        )
    ]
    assert folder.find("0.250s _users_5 1700000001.txt") == path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_new_folder_is_for_its_owner_and_an_old_one_is_as_it_was(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    folder.save(session_of(), SUBJECT)
    assert os.stat(folder.path).st_mode & 0o777 == 0o700
    os.chmod(folder.path, 0o755)
    folder.save(session_of(), SUBJECT)
    assert os.stat(folder.path).st_mode & 0o777 == 0o755


def test_equal_names_are_numbered(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, file_name="same.txt")
    for _ in range(3):
        folder.save(session_of(), SUBJECT)
    assert names(folder) == ["same (3).txt", "same (2).txt", "same.txt"]


def test_a_name_that_is_free_again_belongs_to_the_new_report(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, keep=2, file_name="same.txt")
    for number in range(6):
        folder.save(session_of(), Subject(f"/{number}"))
    assert [saved.name for saved in folder.profiles()] == ["/5", "/4"]
    assert files(folder) == ["index.html", "same (2).txt", "same (3).txt"]


def test_the_index_is_no_name_for_a_report(tmp_path: Path) -> None:
    folder = ProfileFolder(tmp_path, report=ReportFormat(Page()), file_name="Index.html")
    folder.save(session_of(), SUBJECT)
    assert names(folder) == ["Index (2).html"]


class Page:
    """A renderer of pages."""

    output_file_extension = "html"

    def render(self, session: Session) -> str:
        return "<!doctype html>"


def test_what_is_no_page_is_not_called_one(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, file_name="{path}")
    folder.save(session_of(), Subject("/x.HTML"))
    folder.save(session_of(), Subject("/x.md"))
    assert sorted(names(folder)) == ["_x.HTML.txt", "_x.md"]


def test_a_name_given_by_the_caller_is_made_safe(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    folder.save(session_of(), SUBJECT, file_name="../../../x.txt")
    assert names(folder) == ["_.._.._x.txt"]


def test_a_name_that_is_no_string_is_refused(tmp_path: Path) -> None:
    given: Any = 5
    with pytest.raises(InvalidSettingError, match="must be a string, not 5"):
        folder_of(tmp_path).save(session_of(), SUBJECT, file_name=given)


def test_the_oldest_are_dropped_beyond_a_number(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, keep=2, file_name="{timestamp:.0f}.txt")
    for _ in range(4):
        folder.save(session_of(), SUBJECT)
    assert names(folder) == ["1700000004.txt", "1700000003.txt"]
    assert files(folder) == ["1700000003.txt", "1700000004.txt", "index.html"]
    assert len(os.listdir(Path(folder.path) / ".pyinstrument")) == 2


def test_the_oldest_are_dropped_beyond_a_size(tmp_path: Path) -> None:
    size = len(ReportFormat("text").render(session_of()))
    folder = folder_of(tmp_path, max_bytes=2 * size + 1, file_name="{timestamp:.0f}.txt")
    for _ in range(4):
        folder.save(session_of(), SUBJECT)
    assert names(folder) == ["1700000004.txt", "1700000003.txt"]


def test_the_newest_is_kept_however_large(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, max_bytes=1, file_name="{timestamp:.0f}.txt")
    folder.save(session_of(), SUBJECT)
    folder.save(session_of(), SUBJECT)
    assert files(folder) == ["1700000002.txt", "index.html"]


def test_files_of_others_are_neither_listed_nor_dropped(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, keep=1)
    folder.save(session_of(), SUBJECT)
    (Path(folder.path) / "mine.txt").touch()
    (Path(folder.path) / ".pyinstrument" / "mine.txt.json").write_text("[1]")
    folder.save(session_of(), SUBJECT)
    assert "mine.txt" in files(folder)
    assert len(names(folder)) == 1
    assert folder.find("mine.txt") is None


def test_only_slow_ones_are_saved(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, slower_than=0.2)
    assert folder.save(session_of(0.1), SUBJECT) is None
    assert folder.save(session_of(0.2), SUBJECT) is not None


def test_threads_save_at_once_without_losing_one(tmp_path: Path) -> None:
    folders = [folder_of(tmp_path, file_name="same.txt") for _ in range(8)]
    workers = [
        threading.Thread(target=folder.save, args=(session_of(), SUBJECT)) for folder in folders
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(names(folder_of(tmp_path))) == 8


def test_a_report_that_is_too_old_when_it_is_written_does_not_stay(tmp_path: Path) -> None:
    class SlowerThanOthers:
        def render(self, session: Session) -> str:
            newer.save(session_of(), Subject("/newer"))
            return "late"

    newer = ProfileFolder(tmp_path, report=ReportFormat("text"), keep=1)
    slow = ProfileFolder(tmp_path, report=ReportFormat(SlowerThanOthers()), clock=Clock())
    assert slow.save(session_of(), SUBJECT) is None
    (kept,) = slow.profiles()
    assert kept.name == "/newer"
    assert files(slow) == [kept.file_name, "index.html"]


def test_a_renderer_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    class Failing:
        def render(self, session: object) -> str:
            raise RuntimeError("no report today")

    folder = ProfileFolder(tmp_path, report=ReportFormat(Failing()))
    with pytest.raises(RuntimeError, match="no report today"):
        folder.save(session_of(), SUBJECT)
    assert files(folder) == [] == os.listdir(tmp_path / ".pyinstrument")


def test_a_renderers_own_failure_is_not_one_of_the_folder(tmp_path: Path) -> None:
    class Failing:
        def render(self, session: object) -> str:
            raise PermissionError(13, "Permission denied", "/the/source")

    folder = ProfileFolder(tmp_path, report=ReportFormat(Failing()))
    with pytest.raises(PermissionError, match="/the/source"):
        folder.save(session_of(), SUBJECT)
    assert files(folder) == [] == os.listdir(tmp_path / ".pyinstrument")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").touch()
    folder = folder_of(tmp_path)
    with pytest.raises(ProfileFolderError, match=r"cannot save a profile in .*deep"):
        folder.save(session_of(), SUBJECT)


@pytest.mark.parametrize("name", ["../secret.txt", "index.html", "", ".", "a\0b", "x" * 5_000])
def test_only_saved_reports_are_found(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path)
    folder.save(session_of(), SUBJECT)
    (tmp_path / "deep" / "secret.txt").touch()
    assert folder.find(name) is None


def test_the_index_lists_the_reports_and_escapes_what_was_sent(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    sent = "/x'\"><script>alert(1)</script>\u202e\udc80" + "y" * 4_000
    folder.save(session_of(), Subject(sent, "<b>", "/{a&b}"), status="200")
    page = (Path(folder.path) / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;b&gt; /x&#x27;&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u202e\\udc80" in page
    assert "/{a&amp;b}" in page
    assert '<td class="number">0.250</td>' in page
    (name,) = names(folder)
    assert os.path.isfile(os.path.join(folder.path, name))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "null",
        "{}",
        pytest.param("[" * 10_000, id="deep"),
        json.dumps({"name": 1}),
    ]
    + [
        json.dumps({**dict.fromkeys(SavedProfile._fields, "1"), **times, "samples": 1})
        for times in ({"saved_at": float("nan"), "duration": 1}, {"saved_at": 1, "duration": -1})
    ],
)
def test_what_is_no_note_is_passed_over(tmp_path: Path, note: str) -> None:
    folder = folder_of(tmp_path)
    folder.save(session_of(), SUBJECT)
    (Path(folder.path) / ".pyinstrument" / "other.json").write_text(note)
    folder.save(session_of(), SUBJECT)
    assert len(names(folder)) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": 0}, "keep must be a number from 1 on, not 0"),
        ({"max_bytes": "1"}, "max_bytes must be a number from 1 on, not '1'"),
        ({"slower_than": float("nan")}, "slower_than must be a number from 0 on, not nan"),
        ({"file_name": "{nothing}"}, r"'\{nothing\}': KeyError: 'nothing'; its fields are: total"),
        ({"file_name": "{total_time:d}"}, "its fields are: total_time, path, timestamp, ext"),
        ({"file_name": "{"}, "its fields are: total_time, path, timestamp, ext"),
        ({"file_name": "{path[x]}"}, "its fields are: total_time, path, timestamp, ext"),
        ({"file_name": None}, "file_name must be a template, not None"),
    ],
)
def test_settings_are_checked_when_it_is_made(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidSettingError, match=message):
        folder_of(tmp_path, **options)


@pytest.mark.parametrize("path", ["", None, 5, "a\0b"])
def test_a_path_is_needed(path: Any) -> None:
    with pytest.raises(InvalidSettingError, match="must be a path, not"):
        ProfileFolder(path)
