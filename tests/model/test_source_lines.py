"""Source lines travel with a session: those sampled, of the user's own code, without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.made_up_sessions import MS, make_facts, small_session

from pyinstrument_model import Session
from pyinstrument_model.source_lines import may_hold_secrets
from pyinstrument_sampler.recording_builder import RecordingBuilder

TEXT = "import tea\n\ndef main():\n    brew()  # slow\n    pour()\n"


def session_of(path: Path, line: int = 4, prefix: str = "/usr") -> Session:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    frame = builder.frame("main", str(path), 3)
    builder.add_sample(builder.stack(0, builder.location(frame, line)), MS)
    return Session(builder.build(make_facts()), "Tea", sys_prefixes=[prefix])


def test_the_sampled_lines_and_their_functions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    bare = session_of(path)
    session = bare.with_sources()
    assert session.sources == {str(path): {3: "def main():", 4: "    brew()  # slow"}}
    assert session.source_line(str(path), 4) == "    brew()  # slow"
    assert session.source_line(str(path), 5) is None
    assert bare.sources == {}
    assert (session.recording, session.target_description) == (bare.recording, "Tea")
    assert Session.from_bytes(session.to_bytes()) == session


@pytest.mark.parametrize("name", ["a\0b", "half \ud800"])
def test_a_name_that_no_file_can_have_has_no_lines(name: str) -> None:
    assert session_of(Path(f"/app/{name}.py")).with_sources().sources == {}


def test_lines_around_come_along_where_they_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    assert list(session_of(path).with_sources(context=1).sources[str(path)]) == [2, 3, 4, 5]
    assert list(session_of(path).with_sources(context=9).sources[str(path)]) == [1, 2, 3, 4, 5]


def test_a_session_without_sources_never_gets_any(tmp_path: Path) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    bare = session_of(path).with_sources().without_sources()
    assert bare.recording == session_of(path).recording
    assert bare.sources == {}
    assert bare.with_sources() == bare


def test_nor_does_it_after_saving_and_loading(tmp_path: Path) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    bare = session_of(path).without_sources()
    loaded = Session.from_bytes(bare.to_bytes())
    assert loaded == bare
    assert loaded.with_sources().sources == {}


@pytest.mark.parametrize("bare_first", [True, False])
def test_nor_does_what_it_is_combined_to(tmp_path: Path, bare_first: bool) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    sourced = session_of(path).with_sources()
    bare = sourced.without_sources()
    both = Session.combine(bare, sourced) if bare_first else Session.combine(sourced, bare)
    assert both.sources == {}
    assert both.with_sources().sources == {}


def test_libraries_are_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "lib" / "python3.12"
    folder.mkdir(parents=True)
    (folder / "tea.py").write_text(TEXT)
    assert session_of(folder / "tea.py", prefix=str(tmp_path)).with_sources().sources == {}


def test_a_file_that_may_hold_secrets_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "my_secrets.py"
    path.write_text(TEXT)
    assert session_of(path).with_sources().sources == {}


@pytest.mark.parametrize("line", [0, 99])
def test_a_line_that_is_not_there_is_left_out(tmp_path: Path, line: int) -> None:
    path = tmp_path / "tea.py"
    path.write_text(TEXT)
    assert session_of(path, line).with_sources().sources == {str(path): {3: "def main():"}}


def test_a_file_that_is_not_there_has_no_lines() -> None:
    assert small_session().with_sources().sources == {}


@pytest.mark.parametrize(
    "path",
    [
        "/app/.env",
        "/app/prod.env",
        "/app/Secrets.py",
        "C:\\app\\credentials.py",
        "tls.key",
        "a.pem",
        "token.py",
        "/app/access_tokens.py",
        "/app/api_token_prod.py",
        "/app/token_config.py",
        "/app/TOKENS-prod.py",
        "/app/token2.py",
        "/app/token",
        "/app/stripe-api-key.py",
        "/site/local_settings.py",
    ],
)
def test_names_of_secrets(path: str) -> None:
    assert may_hold_secrets(path)


@pytest.mark.parametrize(
    "path",
    [
        "/secrets/main.py",
        "main.py",
        "/app/environment.py",
        "tokenizer.py",
        "my_tokenize.py",
        "betoken.py",
        "",
    ],
)
def test_names_of_ordinary_files(path: str) -> None:
    assert not may_hold_secrets(path)
