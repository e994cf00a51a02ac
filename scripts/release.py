"""The steps of a release of a package: `hatch run release:bump`, `release:tag`, `release:build`.

Each leaves something to look at before the next; nothing is pushed or uploaded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from changelog import collect_fragments, fragments, newest_section, newest_version
from packaging.version import InvalidVersion, Version
from repository import PACKAGES, ROOT, Package, ReleaseError, git
from siblings import demand_caps_above, demand_final_floors, project_of_release

STEPS = ("major", "minor", "patch")


def bump(package: Package, root: Path, wanted: str) -> Version:
    """Collects the changelog fragments under the next version, makes floors final, and commits."""
    demand_clean(root)
    if untagged := untagged_version(package, root):
        raise ReleaseError(
            f"packages/{package.folder}/CHANGELOG.md has {untagged} already, which is not tagged:"
            f" hatch run release:tag {package.folder}, or {undo(package, untagged)}"
        )
    version = next_version(package, root, wanted)
    candidates = candidates_of(package, root, version)
    if not fragments(package, root) and not candidates:
        raise ReleaseError(
            f"nothing to release: there is no fragment in packages/{package.folder}/changes"
        )
    demand_caps_above(package, root, version)
    project = project_of_release(package, root, version)
    folder = f"packages/{package.folder}"
    try:
        collect_fragments(package, root, version, candidates)
        (package.path(root) / "pyproject.toml").write_text(project, encoding="utf-8")
        git(root, "add", "--all", folder)
        git(root, "commit", "-q", "-m", commit_message(package, version))
    except BaseException:
        git(root, "restore", "--source", "HEAD", "--staged", "--worktree", folder)
        raise
    print(f"committed the changelog of {package.distribution} {version}")
    print(f"look at it, then: hatch run release:tag {package.folder}")
    return version


def next_version(package: Package, root: Path, wanted: str) -> Version:
    """The version that *wanted* means: one of STEPS, or a version itself."""
    released = package.released(root)
    if wanted in STEPS:
        if not released:
            return package.first_version(root)
        newest = released[-1]
        numbers = [*newest.release, 0, 0][:3]
        place = STEPS.index(wanted)
        # The final version of a pre-release is no step beyond it.
        if not (newest.is_prerelease and not any(numbers[place + 1 :])):
            numbers[place] += 1
            numbers[place + 1 :] = [0] * (2 - place)
        return Version(".".join(map(str, numbers)))
    try:
        version = Version(wanted)
    except InvalidVersion as error:
        raise ReleaseError(f"{wanted!r} is neither a version nor one of {STEPS}") from error
    if version.is_devrelease or version.local:
        raise ReleaseError(f"{version} is a version of a checkout: release X.Y.Z or X.Y.ZrcN")
    if released and version <= released[-1]:
        raise ReleaseError(f"{version} is not newer than {released[-1]}, which is released")
    return version


def untagged_version(package: Package, root: Path) -> Version | None:
    """What a bump has put into the changelog and nobody has tagged yet."""
    released = package.released(root)
    version = newest_version(package, root)
    if version is None or (released and version <= released[-1]):
        return None
    return version


def candidates_of(package: Package, root: Path, version: Version) -> list[Version]:
    """The pre-releases of a final version: what they have need not be told again for it."""
    released = package.released(root)
    return [v for v in released if v.is_prerelease and Version(v.base_version) == version]


def undo(package: Package, version: Version) -> str:
    """The way back from a bump: it brings the fragments of that version again."""
    return f"git revert the commit `{commit_message(package, version)}`"


def commit_message(package: Package, version: Version) -> str:
    """Of a bump."""
    return f"Release {package.distribution} {version}"


def tag(package: Package, root: Path) -> str:
    """Tags HEAD with the newest version of the package's changelog; its section is the message."""
    demand_clean(root)
    version, section = newest_section(package, root)
    if left := fragments(package, root):
        untagged = untagged_version(package, root)
        first = f"{undo(package, untagged)}, then " if untagged else ""
        raise ReleaseError(
            f"{left[0].name} is not in the changelog:"
            f" {first}hatch run release:bump {package.folder}"
        )
    demand_final_floors(package, root, version)
    released = package.released(root)
    if released and version <= released[-1]:
        raise ReleaseError(f"{package.tag_prefix}{version} is not newer than {released[-1]}")
    name = f"{package.tag_prefix}{version}"
    message = f"{package.distribution} {version}\n\n{section}"
    git(root, "tag", "--annotate", "--cleanup=verbatim", "--message", message, name)
    print(f"tagged {name}; to publish it: git push origin HEAD:main, and once checks are green,")
    print(f"git push origin {name}")
    return name


def build(package: Package, root: Path) -> list[Path]:
    """The sdist, and the wheel made from it, into dist/; those of the package there are removed."""
    uv = os.environ.get("HATCH_UV") or shutil.which("uv")
    if uv is None:
        raise ReleaseError("there is no uv: use `hatch run release:build`")
    out = root / "dist"
    name = package.import_name
    for old in [*out.glob(f"{name}-*.whl"), *out.glob(f"{name}-*.tar.gz")]:
        old.unlink()
    command = [uv, "build", "-q", "--out-dir", str(out), str(package.path(root))]
    if subprocess.run(command, cwd=root).returncode != 0:
        raise ReleaseError(f"building {package.distribution} failed, see above")
    made = sorted([*out.glob(f"{name}-*.whl"), *out.glob(f"{name}-*.tar.gz")])
    for path in made:
        print(path.relative_to(root))
    return made


def verify(package: Package, root: Path, name: str | None) -> None:
    """Refuses a dist/ with anything but an sdist and wheels of the version of the tag *name*.

    Without a name it is the newest one at HEAD.
    """
    version = tagged_version(package, root, name)
    demand_final_floors(package, root, version)
    start = f"{package.import_name}-{version}"
    files = sorted(path.name for path in (root / "dist").iterdir() if path.name != ".gitignore")
    sdists = [name for name in files if name == f"{start}.tar.gz"]
    wheels = [name for name in files if name.startswith(f"{start}-") and name.endswith(".whl")]
    if others := sorted({*files} - {*sdists, *wheels}):
        raise ReleaseError(f"dist/ has more than {package.distribution} {version}: {others}")
    if not sdists or not wheels:
        raise ReleaseError(f"dist/ lacks an sdist or wheels of {package.distribution}: {files}")
    pure = [name for name in wheels if name.endswith("-none-any.whl")]
    if pure and package.is_compiled:
        raise ReleaseError(f"{pure[0]} has no compiled modules, and would be taken everywhere")
    print(f"{len(wheels)} wheels and an sdist of {package.distribution} {version}")


def tagged_version(package: Package, root: Path, name: str | None) -> Version:
    """The version of a tag at HEAD: of the one with that *name*, else of the newest."""
    prefix = package.tag_prefix
    tags = git(root, "tag", "--list", "--points-at", "HEAD", f"{prefix}*").split()
    if name is None and not tags:
        raise ReleaseError(f"HEAD has no tag {prefix}…")
    if name is not None and name not in tags:
        raise ReleaseError(f"{name} is no tag of {package.distribution} at HEAD; there are: {tags}")
    return max(Version(tag[len(prefix) :]) for tag in tags if name in (None, tag))


def demand_clean(root: Path) -> None:
    if changed := git(root, "status", "--porcelain"):
        raise ReleaseError(f"commit or stash first:\n{changed}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="of the checkout")
    steps = parser.add_subparsers(dest="step", required=True)
    for step in ("bump", "tag", "build", "verify"):
        options = steps.add_parser(step)
        several = ["all"] if step == "build" else []
        options.add_argument("package", choices=[*PACKAGES, *several])
        if step == "bump":
            options.add_argument("version", help="X.Y.Z, or major, minor or patch")
        if step == "verify":
            options.add_argument("--tag", help="the one that was pushed (default: newest at HEAD)")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    chosen = [PACKAGES[name] for name in PACKAGES if arguments.package in (name, "all")]
    try:
        for package in chosen:
            if arguments.step == "bump":
                bump(package, root, arguments.version)
            elif arguments.step == "tag":
                tag(package, root)
            elif arguments.step == "build":
                build(package, root)
            else:
                verify(package, root, arguments.tag)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
