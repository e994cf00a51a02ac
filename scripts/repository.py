"""The packages of this repository: their names, tags and released versions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parents[1]


class ReleaseError(Exception):
    """A step of a release cannot be done; the message says why and what to do."""


class Package(NamedTuple):
    """One folder of packages/."""

    folder: str
    distribution: str
    is_compiled: bool = False

    @property
    def tag_prefix(self) -> str:
        return f"{self.folder}-v"

    @property
    def import_name(self) -> str:
        """It is also how files in dist/ are named."""
        return self.distribution.replace("-", "_")

    def path(self, root: Path) -> Path:
        return root / "packages" / self.folder

    def released(self, root: Path) -> list[Version]:
        """The versions that HEAD descends from, oldest first."""
        listed = git(root, "tag", "--list", "--merged", "HEAD", f"{self.tag_prefix}*")
        found = []
        for tag in listed.split():
            try:
                found.append(Version(tag[len(self.tag_prefix) :]))
            except InvalidVersion as error:
                raise ReleaseError(f"tag {tag} names no version: delete it") from error
        return sorted(found)

    def first_version(self, root: Path) -> Version:
        """That of the first release: what untagged checkouts are developments of."""
        text = (self.path(root) / "pyproject.toml").read_text(encoding="utf-8")
        found = re.search(r'^fallback-version = "(.+)"$', text, re.MULTILINE)
        if found is None:
            raise ReleaseError(f"packages/{self.folder}/pyproject.toml has no fallback-version")
        return Version(Version(found[1]).base_version)


PACKAGES = {
    package.folder: package
    for package in (
        Package("sampler", "pyinstrument-sampler", is_compiled=True),
        Package("model", "pyinstrument-model"),
        Package("renderers", "pyinstrument-renderers"),
        Package("integrations", "pyinstrument-integrations"),
        Package("cli", "pyinstrument"),
    )
}
"""By folder, in the order of a release: what is imported comes first."""


def git(root: Path, *arguments: str) -> str:
    """What git prints; raises ``ReleaseError`` with its message if it fails."""
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode != 0:
        raise ReleaseError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")
