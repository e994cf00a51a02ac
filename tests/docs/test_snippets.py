"""Code in the documentation runs, and shows what is true. A block that cannot be run says why."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Iterator

import pytest
from support.doc_pages import DOCS, FENCE, ROOT, pages

if sys.version_info < (3, 10):
    pytest.skip("the documentation is tried on the default interpreter", allow_module_level=True)

from support.doc_snippets import missing_lines, run_page

RUN = {"python", "console"}
NOT_RUN = {"", "bash", "sh", "text", "toml", "ts"}
"""Languages that are for reading: measurements, shell beside Python, settings, notebooks."""


def with_code(page: Path) -> bool:
    return any(block["language"] in RUN for block in FENCE.finditer(page.read_text("utf-8")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to run a page in: what it changes in this process is taken back."""
    import signal

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda address: True)
    handler = signal.getsignal(signal.SIGUSR1)
    yield tmp_path
    signal.signal(signal.SIGUSR1, handler)


PAGES = [page for page in pages() if with_code(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_code_of_a_page_runs_and_prints_what_is_shown(page: Path, folder: Path) -> None:
    assert run_page(page, folder) > 0


def test_every_language_is_run_or_for_reading() -> None:
    found = {
        block["language"]
        for page in pages()
        for block in FENCE.finditer(page.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith("{")} - RUN == NOT_RUN & found


def skip_marks(text: str) -> list[str]:
    """Lines that keep what follows from being run: sybil takes two kinds of comments."""
    return [line for line in text.splitlines() if re.match(r"\s*(%|<!--).*skip:", line)]


def test_both_kinds_of_comments_are_marks() -> None:
    marks = ['<!--- skip: next "it waits" -->', "% skip: next", "  <!-- skip: start -->"]
    assert skip_marks("\n".join([*marks, "Examples skip: nothing."])) == marks


def test_whatever_is_not_run_says_why() -> None:
    texts = {page.read_text(encoding="utf-8") for page in [*DOCS.rglob("*.md"), *pages()]}
    marks = [mark for text in texts for mark in skip_marks(text)]
    assert marks
    assert [line for line in marks if not re.match(r'<!--- skip: next ".+" -->$', line)] == []


def test_a_shown_line_that_is_not_printed_is_missed() -> None:
    printed = "0.384 main  a.py:3\n└─ 0.380 work  a.py:1  waiting 3%\n"
    assert missing_lines(["0.7 main  a.py:3", "   |- 0.2 work  a.py:1"], printed) == []
    assert missing_lines(["0.7 work  a.py:1", "0.7 main  a.py:3"], printed) == ["0.7 main  a.py:3"]
    assert missing_lines(["0.7 rest  a.py:1"], printed) == ["0.7 rest  a.py:1"]


def test_the_upgrade_page_names_variables_of_settings() -> None:
    from pyinstrument_renderers.settings import Settings

    text = (DOCS / "upgrade.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if "`PYINSTRUMENT_INTERVAL`" in line]
    names = re.findall(r"`(?:PYINSTRUMENT)?_([A-Z_]+)`", row)
    assert {name.lower() for name in names} < {*Settings._fields}


def test_the_settings_page_lists_every_setting() -> None:
    from pyinstrument_renderers.settings import Settings

    text = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    cells = re.findall(r"(?m)^\| ((?:`[a-z-]+`(?:, )?)+) \| ", text)
    listed = {name for cell in cells for name in re.findall(r"`([a-z-]+)`", cell)}
    assert listed == {name.replace("_", "-") for name in Settings._fields}
