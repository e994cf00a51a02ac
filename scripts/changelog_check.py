"""Fails when a package's sources changed and no changelog fragment says so.

`hatch run release:changes [BASE]` looks at what came since BASE (`main`). Commits with the line
`Changelog: none` do not count: nobody who uses a package will notice them.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from repository import PACKAGES, ROOT, ReleaseError, git

EXCUSE = re.compile(r"^Changelog: none$", re.MULTILINE | re.IGNORECASE)
VIEWER = (
    "dev/",
    "package-lock.json",
    "package.json",
    "src/",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
)
BUILT_FROM = {"renderers": tuple(f"frontend/{name}" for name in VIEWER)}
"""Package → what else is in its files: as ``SOURCES`` in its hatch_build.py."""
KINDS = ("added", "changed", "fixed", "removed")


def packages_without_fragment(root: Path, base: str) -> list[str]:
    """Folders of the packages that changed since *base*, with nothing for their changelog."""
    since = git(root, "merge-base", base, "HEAD")
    changed = changed_by_commits_that_count(root, since)
    added = git(root, "diff", "--name-only", "--no-renames", "--diff-filter=AM", since, "HEAD")
    missing = []
    for folder in PACKAGES:
        top = f"packages/{folder}/"
        elsewhere = BUILT_FROM.get(folder, ())
        sources = [
            path
            for path in changed
            if path.startswith((top, *elsewhere)) and not path.endswith((".md", ".txt"))
        ]
        # A release takes the fragments away and writes the changelog.
        told = [
            path
            for path in added.splitlines()
            if path.startswith(f"{top}changes/") or path == f"{top}CHANGELOG.md"
        ]
        if sources and not told:
            missing.append(folder)
    return missing


def changed_by_commits_that_count(root: Path, since: str) -> set[str]:
    """Paths, as git names them."""
    # Each commit: NUL, its message, SOH, its files.
    options = ["--no-merges", "--no-renames", "--name-only", "--format=%x00%B%x01"]
    log = git(root, "log", *options, f"{since}..HEAD")
    changed = set()
    for commit in log.split("\0")[1:]:
        message, _, files = commit.partition("\1")
        if not EXCUSE.search(message):
            changed.update(files.split("\n"))
    return changed


def misnamed_fragments(root: Path) -> list[str]:
    """Fragments that the collecting would pass over."""
    pattern = re.compile(r"(\+[a-z0-9-]+|\d+)\.(" + "|".join(KINDS) + r")\.md")
    return [
        path.relative_to(root).as_posix()
        for folder in PACKAGES
        for path in sorted((root / "packages" / folder / "changes").glob("*"))
        if not pattern.fullmatch(path.name)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", default="main")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the checkout")
    arguments = parser.parse_args()
    try:
        missing = packages_without_fragment(arguments.root, arguments.base)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    misnamed = misnamed_fragments(arguments.root)
    for folder in missing:
        print(
            f"packages/{folder} changed: add packages/{folder}/changes/+some-words.KIND.md"
            f" (KIND: {', '.join(KINDS)}) or, if no user can notice, the line"
            " `Changelog: none` to the commit's message",
            file=sys.stderr,
        )
    for path in misnamed:
        print(f"{path}: call it +some-words.KIND.md or ISSUE.KIND.md", file=sys.stderr)
    return 1 if missing or misnamed else 0


if __name__ == "__main__":
    sys.exit(main())
