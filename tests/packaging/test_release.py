"""The steps of a release and the check of changelog fragments, in a repository of their own."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import changelog_check
import pytest
from support.outside_programs import build_hook

pytest.importorskip("towncrier")

__all__ = ["build_hook"]  # a fixture

ROOT = Path(__file__).parents[2]
INTRODUCTION = "# Changelog of pyinstrument-model\n\n<!-- newest release below -->\n"


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=repository, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


def commit(repository: Path, message: str, **files: str) -> None:
    """Files of packages/model, named without their folder and with ``__`` for ``/``."""
    for name, text in files.items():
        path = repository / "packages/model" / name.replace("__", "/")
        path = path.with_suffix(".py") if name.startswith("src") else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)


def fragment(repository: Path, name: str, text: str) -> None:
    folder = repository / "packages/model/changes"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text + "\n", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "tell of a change")


def run(repository: Path, script: str, *arguments: str) -> tuple[int, str]:
    """Status and what it says on stderr."""
    command = [sys.executable, str(ROOT / "scripts" / script), "--root", str(repository)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    return done.returncode, done.stderr.strip()


def release(repository: Path, *arguments: str) -> None:
    assert run(repository, "release.py", *arguments) == (0, "")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The package `model` with an empty changelog, on `main`, after a release of the sampler."""
    top = tmp_path / "repository"
    package = top / "packages/model"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "towncrier.toml", top)
    text = (ROOT / "packages/model/pyproject.toml").read_text(encoding="utf-8")
    # As before the first release, which makes floors final and moves the fallback on.
    text = re.sub(r"(pyinstrument-\w+>=)[^,]+", r"\g<1>1.0.0.dev0", text)
    text = re.sub(r'(fallback-version = ").+(")', r"\g<1>1.0.0.dev0\g<2>", text)
    (package / "pyproject.toml").write_text(text, encoding="utf-8")
    (package / "CHANGELOG.md").write_text(INTRODUCTION)
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "a")
    git(top, "config", "user.email", "a@b.c")
    commit(top, "one")
    git(top, "tag", "sampler-v1.0.0")
    return top


def test_a_release_moves_fragments_into_the_changelog_and_tags_it(repository: Path) -> None:
    fragment(repository, "+sorted.added.md", "Sessions can be sorted.")
    fragment(repository, "12.fixed.md", "Empty sessions\ncan be saved.")
    release(repository, "bump", "model", "minor")
    release(repository, "tag", "model")
    today = datetime.date.today().isoformat()
    section = (
        "### Added\n\n- Sessions can be sorted.\n\n"
        "### Fixed\n\n- Empty sessions\n  can be saved. (#12)"
    )
    changelog = (repository / "packages/model/CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.rstrip() == f"{INTRODUCTION}\n## 1.0.0 ({today})\n\n{section}"
    assert list((repository / "packages/model").glob("changes/*")) == []
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "log", "-1", "--format=%s") == "Release pyinstrument-model 1.0.0"
    assert git(repository, "tag", "--points-at", "HEAD") == "model-v1.0.0"
    message = git(repository, "tag", "--list", "--format=%(contents)", "model-v1.0.0")
    assert message == f"pyinstrument-model 1.0.0\n\n{section}"


def test_the_newest_release_stands_first(repository: Path) -> None:
    for wanted in ("minor", "minor"):
        fragment(repository, "+one.changed.md", "Something.")
        release(repository, "bump", "model", wanted)
        release(repository, "tag", "model")
    text = (repository / "packages/model/CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line.split()[1] for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["1.1.0", "1.0.0"]


@pytest.mark.parametrize(
    ("tags", "wanted", "version"),
    [
        ([], "patch", "1.0.0"),
        (["model-v1.2.3", "sampler-v7.0.0"], "patch", "1.2.4"),
        (["model-v1.9.3", "model-v1.10.0"], "minor", "1.11.0"),
        (["model-v1.2.3"], "major", "2.0.0"),
        (["model-v1.2.3"], "1.3.0rc1", "1.3.0rc1"),
        (["model-v1.3.0rc1"], "minor", "1.3.0"),
        (["model-v1.3.0rc1"], "major", "2.0.0"),
    ],
)
def test_the_next_version_follows_from_the_tags(
    repository: Path, tags: list[str], wanted: str, version: str
) -> None:
    for tag in tags:
        git(repository, "tag", tag)
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", wanted)
    subject = git(repository, "log", "-1", "--format=%s")
    assert subject == f"Release pyinstrument-model {version}"


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("1.2.3", "1.2.3 is not newer than 1.2.3, which is released"),
        ("1.3.0.dev1", "1.3.0.dev1 is a version of a checkout: release X.Y.Z or X.Y.ZrcN"),
        ("next", "'next' is neither a version nor one of ('major', 'minor', 'patch')"),
        ("patch", "nothing to release: there is no fragment in packages/model/changes"),
    ],
)
def test_a_bump_that_cannot_be_says_why_and_changes_nothing(
    repository: Path, wanted: str, says: str
) -> None:
    git(repository, "tag", "model-v1.2.3")
    before = git(repository, "rev-parse", "HEAD")
    assert run(repository, "release.py", "bump", "model", wanted) == (1, says)
    assert git(repository, "rev-parse", "HEAD") == before


def test_nothing_is_released_from_a_changed_checkout(repository: Path) -> None:
    (repository / "towncrier.toml").write_text("")
    says = "commit or stash first:\n M towncrier.toml"
    assert run(repository, "release.py", "bump", "model", "minor") == (1, says)
    assert run(repository, "release.py", "tag", "model") == (1, says)


def project(repository: Path) -> str:
    return (repository / "packages/model/pyproject.toml").read_text(encoding="utf-8")


def floor_of_the_sampler(repository: Path) -> str:
    (found,) = re.findall(r'"pyinstrument-sampler>=([^,]+),<2"', project(repository))
    return str(found)


def test_a_final_release_asks_for_final_siblings(repository: Path) -> None:
    for tag in ("sampler-v1.0.0rc1", "sampler-v1.2.0", "sampler-v2.0.0"):
        git(repository, "tag", tag)
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "1.0.0")
    assert floor_of_the_sampler(repository) == "1.0.0"
    release(repository, "tag", "model")


def test_a_floor_that_is_final_stays_and_one_for_a_checkout_becomes_the_next_final(
    repository: Path,
) -> None:
    for tag in ("sampler-v1.0.1rc1", "sampler-v1.1.0", "sampler-v1.2.0"):
        git(repository, "tag", tag)
    for floor, final in (("1.0.0", "1.0.0"), ("1.0.1.dev0", "1.1.0"), ("1.1.1rc1", "1.2.0")):
        text = re.sub(r"(pyinstrument-sampler>=)[^,]+", rf"\g<1>{floor}", project(repository))
        (repository / "packages/model/pyproject.toml").write_text(text, encoding="utf-8")
        fragment(repository, "+one.changed.md", f"Ask for {floor}.")
        release(repository, "bump", "model", "minor")
        release(repository, "tag", "model")
        assert floor_of_the_sampler(repository) == final


def test_a_package_is_not_released_before_what_it_needs(repository: Path) -> None:
    git(repository, "tag", "--delete", "sampler-v1.0.0")
    git(repository, "tag", "sampler-v1.0.0rc1")
    fragment(repository, "+one.changed.md", "Something.")
    before = git(repository, "rev-parse", "HEAD")
    assert run(repository, "release.py", "bump", "model", "1.0.0") == (
        1,
        "pyinstrument-model 1.0.0 needs pyinstrument-sampler>=1.0.0.dev0,<2, and no final version"
        " of that is released: release sampler first",
    )
    assert (git(repository, "rev-parse", "HEAD"), git(repository, "status", "-s")) == (before, "")


def test_a_pre_release_may_ask_for_pre_releases(repository: Path) -> None:
    git(repository, "tag", "--delete", "sampler-v1.0.0")
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "1.0.0rc1")
    assert floor_of_the_sampler(repository) == "1.0.0.dev0"
    release(repository, "tag", "model")


def test_a_final_version_with_a_floor_for_checkouts_is_neither_tagged_nor_published(
    repository: Path,
) -> None:
    loose = project(repository)
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "1.0.0")
    (repository / "packages/model/pyproject.toml").write_text(loose, encoding="utf-8")
    git(repository, "commit", "-q", "-a", "--amend", "--no-edit")
    says = (
        "pyinstrument-model 1.0.0 would let pip take pre-releases unasked, by"
        " pyinstrument-sampler>=1.0.0.dev0,<2: hatch run release:bump raises these floors"
    )
    assert run(repository, "release.py", "tag", "model") == (1, says)
    git(repository, "tag", "model-v1.0.0")
    assert run(repository, "release.py", "verify", "model") == (1, says)


def test_a_checkout_without_tags_is_newer_than_what_was_released(repository: Path) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "1.4.0")
    assert 'fallback-version = "1.4.1.dev0"' in project(repository)


def test_a_version_is_tagged_once_and_with_all_its_changes(repository: Path) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "minor")
    fragment(repository, "+two.changed.md", "Something more.")
    assert run(repository, "release.py", "tag", "model") == (
        1,
        "+two.changed.md is not in the changelog: git revert the commit"
        " `Release pyinstrument-model 1.0.0`, then hatch run release:bump model",
    )
    git(repository, "reset", "-q", "--hard", "HEAD~1")
    release(repository, "tag", "model")
    assert run(repository, "release.py", "tag", "model") == (
        1,
        "model-v1.0.0 is not newer than 1.0.0",
    )


def test_a_change_that_lands_between_bump_and_tag_gets_into_the_same_version(
    repository: Path,
) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "minor")
    bumped = git(repository, "rev-parse", "HEAD")
    fragment(repository, "+two.changed.md", "Something more.")
    assert run(repository, "release.py", "bump", "model", "minor") == (
        1,
        "packages/model/CHANGELOG.md has 1.0.0 already, which is not tagged: hatch run release:tag"
        " model, or git revert the commit `Release pyinstrument-model 1.0.0`",
    )
    git(repository, "revert", "--no-edit", bumped)
    release(repository, "bump", "model", "minor")
    release(repository, "tag", "model")
    message = git(repository, "tag", "--list", "--format=%(contents)", "model-v1.0.0")
    title, heading, *changes = filter(None, message.splitlines())
    assert (title, heading) == ("pyinstrument-model 1.0.0", "### Changed")
    assert sorted(changes) == ["- Something more.", "- Something."]
    text = (repository / "packages/model/CHANGELOG.md").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line.startswith("## ")]) == 1


def test_a_change_after_a_tagged_version_asks_for_the_next_bump(repository: Path) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "minor")
    release(repository, "tag", "model")
    fragment(repository, "+two.changed.md", "Something more.")
    assert run(repository, "release.py", "tag", "model") == (
        1,
        "+two.changed.md is not in the changelog: hatch run release:bump model",
    )


def test_of_a_traceback_of_towncrier_only_what_failed_is_said(repository: Path) -> None:
    (repository / "towncrier.toml").write_text("[tool", encoding="utf-8")
    fragment(repository, "+one.changed.md", "Something.")
    status, says = run(repository, "release.py", "bump", "model", "minor")
    assert (status, says.count("\n")) == (1, 0)
    assert says.startswith("towncrier failed: ")
    assert "Decode" in says


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "dist/ lacks an sdist or wheels of pyinstrument-model: []"),
        (
            ["pyinstrument_model-1.0.0.tar.gz"],
            "dist/ lacks an sdist or wheels of pyinstrument-model:"
            " ['pyinstrument_model-1.0.0.tar.gz']",
        ),
        (
            ["pyinstrument_model-1.0.0.tar.gz", "pyinstrument_model-1.0.0.1-py3-none-any.whl"],
            "dist/ has more than pyinstrument-model 1.0.0:"
            " ['pyinstrument_model-1.0.0.1-py3-none-any.whl']",
        ),
        (
            ["pyinstrument_model-1.0.0.tar.gz", "pyinstrument_model-1.0.0-py3-none-any.whl"],
            "",
        ),
    ],
)
def test_only_files_of_the_tagged_version_are_published(
    repository: Path, files: list[str], says: str
) -> None:
    publishable(repository, "model", files)
    git(repository, "tag", "model-v1.0.0")
    assert run(repository, "release.py", "verify", "model") == (1 if says else 0, says)


def publishable(repository: Path, package: str, files: list[str]) -> None:
    """A package that asks for no pre-release, and these files in dist/."""
    path = repository / "packages" / package / "pyproject.toml"
    path.parent.mkdir(exist_ok=True)
    text = (ROOT / "packages" / package / "pyproject.toml").read_text(encoding="utf-8")
    path.write_text(text.replace(">=1.0.0.dev0", ">=1.0.0"), encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", "ask for finals")
    (repository / "dist").mkdir()
    for name in files:
        (repository / "dist" / name).touch()


def test_the_tag_that_was_pushed_counts_and_no_other_of_the_same_commit(repository: Path) -> None:
    publishable(
        repository,
        "model",
        ["pyinstrument_model-1.0.0.tar.gz", "pyinstrument_model-1.0.0-py3-none-any.whl"],
    )
    for tag in ("model-v1.0.0", "model-v1.1.0"):
        git(repository, "tag", tag)
    git(repository, "tag", "model-v0.9.0", "HEAD~1")
    verify = ("release.py", "verify", "model")
    assert run(repository, *verify, "--tag", "model-v1.0.0") == (0, "")
    assert run(repository, *verify, "--tag", "model-v1.1.0")[0] == 1
    for tag in ("model-v0.9.0", "sampler-v1.0.0"):
        assert run(repository, *verify, "--tag", tag) == (
            1,
            f"{tag} is no tag of pyinstrument-model at HEAD;"
            " there are: ['model-v1.0.0', 'model-v1.1.0']",
        )


def test_a_wheel_of_the_sampler_for_any_system_is_not_published(repository: Path) -> None:
    files = ["pyinstrument_sampler-1.1.0.tar.gz", "pyinstrument_sampler-1.1.0-py3-none-any.whl"]
    publishable(repository, "sampler", files)
    git(repository, "tag", "sampler-v1.1.0")
    verify = ("release.py", "verify", "sampler", "--tag", "sampler-v1.1.0")
    says = f"{files[1]} has no compiled modules, and would be taken everywhere"
    assert run(repository, *verify) == (1, says)
    windows = files[1].replace("-any", "-win_amd64")
    (repository / "dist" / files[1]).rename(repository / "dist" / windows)
    assert run(repository, *verify) == (0, "")


def test_files_of_no_tag_are_not_published(repository: Path) -> None:
    assert run(repository, "release.py", "verify", "model") == (1, "HEAD has no tag model-v…")


def test_a_package_that_changed_needs_a_fragment(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "change")
    commit(repository, "change it", src__a="1")
    status, says = run(repository, "changelog_check.py")
    assert status == 1
    assert says.startswith("packages/model changed: add packages/model/changes/")
    fragment(repository, "+one.changed.md", "Something.")
    assert run(repository, "changelog_check.py") == (0, "")


def test_commits_that_nobody_notices_need_none(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "change")
    commit(repository, "rename a variable\n\nChangelog: none", src__a="1")
    commit(repository, "write docs", **{"README.md": "text"})
    assert run(repository, "changelog_check.py") == (0, "")
    commit(repository, "change it", src__b="1")
    assert run(repository, "changelog_check.py")[0] == 1


@pytest.mark.parametrize("changed", ["src/app.css", "package.json"])
def test_the_viewer_is_a_part_of_the_renderers(repository: Path, changed: str) -> None:
    git(repository, "switch", "-q", "-c", "change")
    path = repository / "frontend" / changed
    path.parent.mkdir(parents=True)
    path.touch()
    commit(repository, "change a colour")
    status, says = run(repository, "changelog_check.py")
    assert (status, says.split(":")[0]) == (1, "packages/renderers changed")


def test_the_check_knows_all_that_the_viewer_is_built_from(build_hook: Any) -> None:
    known = {path.rstrip("/") for path in changelog_check.BUILT_FROM["renderers"]}
    assert known == {f"frontend/{name}" for name in build_hook.SOURCES}


def test_the_commit_of_a_release_needs_none(repository: Path) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    git(repository, "switch", "-q", "-c", "change")
    release(repository, "bump", "model", "minor")
    assert run(repository, "changelog_check.py") == (0, "")


def test_a_fragment_that_would_be_passed_over_is_named(repository: Path) -> None:
    fragment(repository, "one.news.md", "Something.")
    assert run(repository, "changelog_check.py") == (
        1,
        "packages/model/changes/one.news.md: call it +some-words.KIND.md or ISSUE.KIND.md",
    )
