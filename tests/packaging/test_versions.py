"""A package's version comes from its own tags, and is right in every kind of checkout.

Each test copies what decides the version into a repository of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from repository import PACKAGES

ROOT = Path(__file__).parents[2]


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def git(*arguments: str, cwd: Path) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always"]
    run("git", *identity, *arguments, cwd=cwd)


def version_of(package: str, repository: Path, **environment: str) -> str:
    folder = repository / "packages" / package
    command = (sys.executable, "-m", "hatchling", "metadata", "version")
    return run(*command, cwd=folder, **environment)


def versions_of(repository: Path, **environment: str) -> dict[str, str]:
    return {package: version_of(package, repository, **environment) for package in PACKAGES}


def write_tree(target: Path) -> None:
    """What decides the version: everything of the packages but their modules."""
    for package in PACKAGES:
        source, copy = ROOT / "packages" / package, target / "packages" / package
        copy.mkdir(parents=True)
        for path in source.iterdir():
            if path.is_file():
                shutil.copy(path, copy)
        # As before the first release, which moves it on.
        project = copy / "pyproject.toml"
        text = project.read_text(encoding="utf-8")
        fallback = "6.0.0.dev0" if package == "cli" else "1.0.0.dev0"
        text = re.sub(r'(?m)^(fallback-version = ").+(")$', rf"\g<1>{fallback}\g<2>", text)
        project.write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits, no tag."""
    top = tmp_path / "repository"
    write_tree(top)
    git("init", "-q", "-b", "main", cwd=top)
    git("add", ".", cwd=top)
    git("commit", "-q", "-m", "one", cwd=top)
    git("commit", "-q", "--allow-empty", "-m", "two", cwd=top)
    return top


def test_without_tags_versions_count_the_commits(repository: Path) -> None:
    assert versions_of(repository) == {
        "sampler": "1.0.0.dev2",
        "model": "1.0.0.dev2",
        "renderers": "1.0.0.dev2",
        "cli": "6.0.0.dev2",
        "integrations": "1.0.0.dev2",
    }


def test_a_tag_gives_its_own_package_a_version_and_no_other(repository: Path) -> None:
    for tag in ("sampler-v1.2.3", "cli-v6.4.0", "v9.9.9"):
        git("tag", tag, cwd=repository)
    assert versions_of(repository) == {
        "sampler": "1.2.3",
        "model": "1.0.0.dev2",
        "renderers": "1.0.0.dev2",
        "cli": "6.4.0",
        "integrations": "1.0.0.dev2",
    }


def test_after_a_tag_versions_are_developments_of_the_next(repository: Path) -> None:
    git("tag", "model-v1.2.3", cwd=repository)
    git("commit", "-q", "--allow-empty", "-m", "three", cwd=repository)
    assert version_of("model", repository) == "1.2.4.dev1"


def test_a_shallow_clone_without_tags_falls_back(repository: Path, tmp_path: Path) -> None:
    git("tag", "sampler-v1.2.3", "HEAD~1", cwd=repository)
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", repository.as_uri(), str(clone), cwd=tmp_path)
    assert version_of("sampler", clone) == "1.0.0.dev1"
    assert version_of("cli", clone) == "6.0.0.dev1"


def test_a_shallow_clone_of_a_tag_has_its_version(repository: Path, tmp_path: Path) -> None:
    git("tag", "sampler-v1.3.0rc1", cwd=repository)
    clone = tmp_path / "clone"
    wanted = ["-q", "--depth", "1", "--branch", "sampler-v1.3.0rc1"]
    git("clone", *wanted, repository.as_uri(), str(clone), cwd=tmp_path)
    assert version_of("sampler", clone) == "1.3.0rc1"


def test_a_tree_that_is_no_repository_falls_back(tmp_path: Path) -> None:
    write_tree(tmp_path / "tree")
    assert version_of("sampler", tmp_path / "tree") == "1.0.0.dev0"
    assert version_of("cli", tmp_path / "tree") == "6.0.0.dev0"


def test_where_there_is_no_git_the_fallback_or_a_variable_decides(
    repository: Path, tmp_path: Path
) -> None:
    without_git = str(tmp_path / "empty")
    assert version_of("cli", repository, PATH=without_git) == "6.0.0.dev0"
    told = {"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_PYINSTRUMENT_SAMPLER": "4.4.4", "PATH": without_git}
    assert version_of("sampler", repository, **told) == "4.4.4"
    assert version_of("model", repository, **told) == "1.0.0.dev0"


def test_an_sdist_keeps_its_version_without_git_and_inside_other_repositories(
    repository: Path, tmp_path: Path
) -> None:
    git("tag", "model-v1.2.3", cwd=repository)
    source = repository / "packages/model/src/pyinstrument_model"
    source.mkdir(parents=True)
    (source / "__init__.py").touch()
    git("add", ".", cwd=repository)
    git("commit", "-q", "-m", "three", cwd=repository)
    git("tag", "model-v1.2.4", cwd=repository)
    command = (sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path))
    run(*command, cwd=repository / "packages/model")
    host = tmp_path / "host"
    unpacked = host / "packages"
    with tarfile.open(tmp_path / "pyinstrument_model-1.2.4.tar.gz") as archive:
        if sys.version_info >= (3, 12):
            archive.extractall(unpacked, filter="data")
        else:
            archive.extractall(unpacked)
    (unpacked / "pyinstrument_model-1.2.4").rename(unpacked / "model")
    assert version_of("model", host, PATH=str(tmp_path / "empty")) == "1.2.4"
    git("init", "-q", "-b", "main", cwd=host)
    git("add", ".", cwd=host)
    git("commit", "-q", "-m", "vendored", cwd=host)
    git("tag", "model-v7.7.7", cwd=host)
    assert version_of("model", host) == "1.2.4"
