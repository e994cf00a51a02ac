"""The check of changelog fragments, in a repository of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import changelog_check
import pytest
from support.outside_programs import build_hook
from support.release_repository import commit, fragment, git, release, repository, run

pytest.importorskip("towncrier")

__all__ = ["build_hook", "repository"]  # fixtures


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
