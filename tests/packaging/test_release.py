"""The steps of a release, in a repository of their own."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from support.release_repository import (
    INTRODUCTION,
    ROOT,
    fragment,
    git,
    release,
    repository,
    run,
    with_floors,
)

pytest.importorskip("towncrier")

__all__ = ["repository"]  # a fixture


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


@pytest.mark.parametrize("later", [[], ["Something more."]])
def test_a_release_candidate_becomes_final_with_or_without_another_change(
    repository: Path, later: list[str]
) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    release(repository, "bump", "model", "1.3.0rc1")
    release(repository, "tag", "model")
    for text in later:
        fragment(repository, "+two.fixed.md", text)
    release(repository, "bump", "model", "minor")
    release(repository, "tag", "model")
    section = "Pre-releases of it, whose changes it has: 1.3.0rc1."
    section += "".join(f"\n\n### Fixed\n\n- {text}" for text in later)
    today = datetime.date.today().isoformat()
    changelog = (repository / "packages/model/CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.rstrip() == (
        f"{INTRODUCTION}\n## 1.3.0 ({today})\n\n{section}\n\n\n"
        f"## 1.3.0rc1 ({today})\n\n### Changed\n\n- Something."
    )
    message = git(repository, "tag", "--list", "--format=%(contents)", "model-v1.3.0")
    assert message == f"pyinstrument-model 1.3.0\n\n{section}"
    assert (floor_of_the_sampler(repository), git(repository, "status", "-s")) == ("1.0.0", "")


def test_another_candidate_needs_a_change(repository: Path) -> None:
    git(repository, "tag", "model-v1.3.0rc1")
    says = "nothing to release: there is no fragment in packages/model/changes"
    assert run(repository, "release.py", "bump", "model", "1.3.0rc2") == (1, says)


@pytest.mark.parametrize(("wanted", "version"), [("major", "2.0.0"), ("2.0.0rc1", "2.0.0rc1")])
def test_a_version_that_a_cap_excludes_is_refused_until_the_cap_is_raised(
    repository: Path, wanted: str, version: str
) -> None:
    git(repository, "tag", "model-v1.2.3")
    texts = {
        "cli": 'dependencies = ["pyinstrument-sampler>=1.0.0,<2", "pyinstrument-model>=1.0.0,<3"]',
        "integrations": 'all = ["pyinstrument-model[all]>=1.0.0,<2"]',
        "model": 'extra = ["pyinstrument-model[one]>=1.0.0,<1.3"]\n' + project(repository),
    }
    for folder, text in texts.items():
        path = repository / "packages" / folder / "pyproject.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    fragment(repository, "+one.changed.md", "Something.")
    assert run(repository, "release.py", "bump", "model", wanted) == (
        1,
        f"pyinstrument-model {version} is excluded by caps: raise and commit first those of"
        " packages/integrations/pyproject.toml (<2), packages/model/pyproject.toml (<1.3)",
    )
    assert git(repository, "status", "--porcelain") == ""
    for path in repository.glob("packages/*/pyproject.toml"):
        text = re.sub(r"(model\S+),<[\d.]+", r"\1,<3", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    git(repository, "commit", "-q", "-a", "-m", "raise caps")
    release(repository, "bump", "model", wanted)


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
    assert git(repository, "status", "--porcelain") == ""


def test_a_commit_that_a_hook_refuses_leaves_nothing_changed(repository: Path) -> None:
    fragment(repository, "+one.changed.md", "Something.")
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    says = "git commit -q -m Release pyinstrument-model 1.0.0: no"
    assert run(repository, "release.py", "bump", "model", "minor") == (1, says)
    assert git(repository, "status", "--porcelain") == ""
    hook.unlink()
    release(repository, "bump", "model", "minor")


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
    path.write_text(with_floors(text, "1.0.0"), encoding="utf-8")
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
