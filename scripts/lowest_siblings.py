"""Runs each package in dist/ beside the lowest releases of its siblings that it allows.

`hatch run dist:lowest`. They are built from their tags; where nothing is released, that is said.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Sequence

from packaging.version import Version
from proof_environment import PROGRAMS, Environment, ProofError, only, run, temporary_folder, uv
from repository import PACKAGES, ROOT, Package, ReleaseError, git
from siblings import SiblingRequirement, read_project, requirements_in

PROGRAMS_OF = {
    "model": ["totals.py"],
    "renderers": ["totals.py", "all_formats.py"],
    "integrations": ["asgi_page.py"],
    "cli": ["all_formats.py", "asgi_page.py"],
}
"""Folder → what is tried of scripts/proof; of the command also the profile of a script."""


class NothingReleasedError(Exception):
    """No final release meets the wish that is the message."""


def lowest_siblings(package: Package, root: Path) -> dict[str, Version]:
    """The lowest final releases with which the package, and they with one another, are content.

    Raises ``NothingReleasedError``.
    """
    chosen: dict[str, Version] = {}
    wishes = requirements_in(read_project(package, root))
    while wishes:
        wish = wishes.pop()
        if wish.sibling == package:
            continue
        before = chosen.get(wish.sibling.folder)
        if before is not None and wish.finals([before]):
            continue
        version = lowest_above(wish, root, before)
        chosen[wish.sibling.folder] = version
        wishes += wishes_of_a_release(wish.sibling, version, root)
    return chosen


def lowest_above(wish: SiblingRequirement, root: Path, chosen: Version | None) -> Version:
    """The lowest final release that meets a wish which the one *chosen* before does not meet."""
    found = [
        version
        for version in wish.finals(wish.sibling.released(root))
        if chosen is None or version > chosen
    ]
    if not found:
        raise NothingReleasedError(str(wish))
    return found[0]


def wishes_of_a_release(package: Package, version: Version, root: Path) -> list[SiblingRequirement]:
    """What it asked for when it was released."""
    path = f"{package.tag_prefix}{version}:packages/{package.folder}/pyproject.toml"
    return [wish for wish in requirements_in(git(root, "show", path)) if wish.sibling != package]


def build_release(package: Package, version: Version, root: Path, folder: Path) -> Path:
    """The wheel of a release, made from its tag; one that is there already is taken."""
    out = folder / f"{package.folder}-{version}"
    if not out.exists():
        tag = f"{package.tag_prefix}{version}"
        clone = folder / f"source-{package.folder}-{version}"
        git(root, "clone", "-q", "--shared", "--branch", tag, str(root), str(clone))
        source = str(package.path(clone))
        # For the interpreter of the proof, whatever else is on PATH.
        chosen = ["--python", sys.executable]
        run([uv(), "build", "-q", *chosen, "--wheel", "--out-dir", str(out), source])
    return only(out, f"{package.import_name}-{version}-*.whl")


def try_beside(package: Package, wheel: Path, siblings: Sequence[Path], work: Path) -> None:
    """Raises ``ProofError`` where the package does not do what it is for."""
    environment = Environment(work / "environment")
    environment.install(wheel, *siblings)
    environment.check()
    for program in PROGRAMS_OF[package.folder]:
        environment.python(PROGRAMS / program, cwd=work)
    if package.folder == "cli":
        environment.profile(work)


def prove(root: Path, dist: Path, chosen: Sequence[Package]) -> None:
    """Each package in turn, and a line about it."""
    with temporary_folder() as releases:
        for package in chosen:
            if package.folder not in PROGRAMS_OF:
                print(f"{package.distribution}: asks for no sibling")
                continue
            try:
                versions = lowest_siblings(package, root)
            except NothingReleasedError as wish:
                print(f"{package.distribution}: nothing to try, no final release is {wish}")
                continue
            wheel = only(dist, f"{package.import_name}-*.whl")
            siblings = [
                build_release(PACKAGES[folder], version, root, Path(releases))
                for folder, version in sorted(versions.items())
            ]
            with temporary_folder() as work:
                try_beside(package, wheel, siblings, Path(work))
            beside = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
            print(f"{package.distribution}: {wheel.name} works beside {beside}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the checkout")
    parser.add_argument("--package", choices=PACKAGES, help="only this one")
    arguments = parser.parse_args()
    chosen = [p for p in PACKAGES.values() if arguments.package in (None, p.folder)]
    try:
        prove(arguments.root.resolve(), arguments.folder.resolve(), chosen)
    except (ProofError, ReleaseError) as error:
        print(f"not proved: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
