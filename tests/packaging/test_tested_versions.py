"""The versions that the docs tell of are those of `hatch.toml`, and none is newer than here."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
try:
    import tested_versions
finally:
    sys.path.remove(str(ROOT / "scripts"))

HATCH = (ROOT / "hatch.toml").read_text(encoding="utf-8")
PINS = tested_versions.oldest_pins(HATCH)
TOLD = [
    (header, cells)
    for page in tested_versions.PAGES
    for _, header, cells in tested_versions.rows_of((ROOT / page).read_text(encoding="utf-8"))
]


def versions_told(cells: list[str], place: int) -> dict[str, str]:
    return dict(zip(tested_versions.distributions_of(cells[0]), cells[place].split(", ")))


def test_the_oldest_are_those_of_the_environment() -> None:
    told = {name: v for _, cells in TOLD for name, v in versions_told(cells, -1).items()}
    frameworks = ("aiohttp", "bottle", "celery", "django", "falcon", "fastapi", "flask", "ipython")
    assert {name: told[name] for name in frameworks} == {name: PINS[name] for name in frameworks}
    assert {name: v for name, v in told.items() if PINS.get(name, v) != v} == {}


def test_what_is_installed_is_not_older_than_what_is_told() -> None:
    minor = ".".join(platform.python_version_tuple()[:2])
    older = {}
    found = 0
    for header, cells in TOLD:
        place = tested_versions.column_of(header, minor)
        if place is None:
            continue
        for name, told in versions_told(cells, place).items():
            here = tested_versions.installed(name)
            if here is not None and told != tested_versions.NONE:
                found += 1
                if Version(here) < Version(told):
                    older[name] = (here, told)
    assert older == {}
    if not found:
        pytest.skip(f"the tables have no column for {minor}, or no framework is installed")


def test_a_table_is_written_anew_from_what_is_installed() -> None:
    python = platform.python_version()
    minor = python.rsplit(".", 1)[0]
    page = (
        "Text.\n\n| | CPython {0} | CPython 3.1.0 | the oldest, on 3.8.18 |\n|---|---|---|---|\n"
        "| pytest, no-such | {1} | 1.0 | 8.0 |\n\n| pytest | untouched |\n"
    )
    hatch = '[envs.oldest]\n"pytest==7.1.2"\n[envs.oldest.scripts]\n"no-such==9.9"\n'
    before = page.format(f"{minor}.0", f"0.0, {tested_versions.NONE}")
    after = page.format(python, f"{pytest.__version__}, {tested_versions.NONE}").replace(
        "| 8.0 |", "| 7.1.2 |"
    )
    assert tested_versions.rewritten(before, hatch) == after


def test_no_version_is_lost_where_what_it_is_of_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    minor = tested_versions.MINOR
    row = f"| | CPython {minor}.0 | oldest |\n|---|---|---|\n| {{}} | {{}} | 0.1 |\n"
    pages = {
        "one.md": row.format("pytest, no-such", "0.0, \N{EN DASH}"),
        "two.md": row.format("no-such, pytest, nor-this", "1.0, 1.0, 1.0"),
        "hatch.toml": "[envs.oldest]\n[envs.oldest.scripts]\n",
    }
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(tested_versions, "ROOT", tmp_path)
    monkeypatch.setattr(tested_versions, "PAGES", ("one.md", "two.md"))
    monkeypatch.setattr(sys, "argv", ["tested_versions.py"])
    assert tested_versions.main() == 1
    assert capsys.readouterr().err == (
        f"not installed beside this Python {minor}: no-such, nor-this. Use"
        f" `hatch run hatch-test.py{minor}:python scripts/tested_versions.py`; if one supports that"
        " version no more, put \N{EN DASH} into its cell first\n"
    )
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in pages} == pages
