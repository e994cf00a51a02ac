"""What the packages ask of one another: a floor and a cap, in each `pyproject.toml`.

A floor that is a pre-release (`>=1.4.1.dev0`) is met by checkouts, and lets installers take other
pre-releases unasked: it is for what is not released yet, and gone from what is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version
from repository import PACKAGES, Package, ReleaseError

BY_DISTRIBUTION = {package.distribution: package for package in PACKAGES.values()}
REQUIREMENT = re.compile(
    r'(?P<before>"(?P<name>pyinstrument(?:-[a-z]+)?)(?:\[[a-z,]+\])?>=)'
    r'(?P<floor>[^,"]+)(?P<after>,<(?P<cap>[^,"]+)")'
)
FALLBACK = re.compile(r'^(fallback-version = ")(.+)(")$', re.MULTILINE)


class SiblingRequirement(NamedTuple):
    """One wish of a package."""

    sibling: Package
    floor: Version
    cap: Version

    def __str__(self) -> str:
        return f"{self.sibling.distribution}>={self.floor},<{self.cap}"

    def finals(self, released: list[Version]) -> list[Version]:
        """Those of the *released* versions that meet it and are no pre-releases."""
        allowed = SpecifierSet(f">={self.floor},<{self.cap}")
        return [v for v in released if not v.is_prerelease and allowed.contains(v)]


def requirements_in(text: str) -> list[SiblingRequirement]:
    """All that a `pyproject.toml` asks of packages of this repository, each once."""
    found = {requirement_of(match): None for match in REQUIREMENT.finditer(text)}
    return list(found)


def requirement_of(match: re.Match[str]) -> SiblingRequirement:
    sibling = BY_DISTRIBUTION[match["name"]]
    return SiblingRequirement(sibling, Version(match["floor"]), Version(match["cap"]))


def read_project(package: Package, root: Path) -> str:
    return (package.path(root) / "pyproject.toml").read_text(encoding="utf-8")


def demand_final_floors(package: Package, root: Path, version: Version) -> None:
    """Refuses a final *version* whose requirements would let pre-releases of siblings in."""
    if version.is_prerelease:
        return
    loose = [str(wish) for wish in requirements_in(read_project(package, root)) if is_loose(wish)]
    if loose:
        raise ReleaseError(
            f"{package.distribution} {version} would let pip take pre-releases unasked, by "
            f"{', '.join(loose)}: hatch run release:bump raises these floors"
        )


def is_loose(wish: SiblingRequirement) -> bool:
    return wish.floor.is_prerelease


def demand_caps_above(package: Package, root: Path, version: Version) -> None:
    """Refuses a *version* that no checkout could be, as a package here excludes it by its cap."""
    low = [
        f"{path.relative_to(root).as_posix()} (<{wish.cap})"
        for path in sorted(root.glob("packages/*/pyproject.toml"))
        for wish in requirements_in(path.read_text(encoding="utf-8"))
        if wish.sibling == package
        and not SpecifierSet(f"<{wish.cap}").contains(version, prereleases=True)
    ]
    if low:
        raise ReleaseError(
            f"{package.distribution} {version} is excluded by caps: raise and commit first those"
            f" of {', '.join(low)}"
        )


def project_of_release(package: Package, root: Path, version: Version) -> str:
    """The text of the `pyproject.toml` for it: floors final, and the fallback behind it.

    For a pre-release, which only who asks for it gets, it is the one that is there.
    """
    text = read_project(package, root)
    if version.is_prerelease:
        return text
    text = REQUIREMENT.sub(lambda match: with_final_floor(match, package, root, version), text)
    major, minor, patch = [*version.release, 0, 0][:3]
    # What a checkout without tags takes itself for: newer than the floors of others may be now.
    return FALLBACK.sub(rf"\g<1>{major}.{minor}.{patch + 1}.dev0\g<3>", text)


def with_final_floor(match: re.Match[str], package: Package, root: Path, version: Version) -> str:
    wish = requirement_of(match)
    floor = lowest_final(wish, package, root, version) if is_loose(wish) else wish.floor
    return f"{match['before']}{floor}{match['after']}"


def lowest_final(
    wish: SiblingRequirement, package: Package, root: Path, version: Version
) -> Version:
    """The lowest release that meets a wish of *package*, which itself is about to be *version*."""
    released = [version] if wish.sibling == package else wish.sibling.released(root)
    finals = wish.finals(released)
    if not finals:
        raise ReleaseError(
            f"{package.distribution} {version} needs {wish}, and no final version of that is "
            f"released: release {wish.sibling.folder} first"
        )
    return finals[0]
