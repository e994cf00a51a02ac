"""A package's changelog: its sections, and the fragments that become the next one by towncrier."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Sequence

from packaging.version import Version
from repository import Package, ReleaseError

HEADING = re.compile(r"^## (?P<version>\S+) \(\d{4}-\d\d-\d\d\)$", re.MULTILINE)


def changelog(package: Package, root: Path) -> Path:
    return package.path(root) / "CHANGELOG.md"


def fragments(package: Package, root: Path) -> list[Path]:
    """What is to be in the changelog of the next release."""
    return sorted((package.path(root) / "changes").glob("*.md"))


def collect_fragments(
    package: Package, root: Path, version: Version, candidates: Sequence[Version]
) -> None:
    """Moves the fragments into a section of *version*, which has the changes of *candidates* too.

    Those have sections of their own, so it only names them: without any fragment that is all.
    """
    is_nothing_new = not fragments(package, root)
    command = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", str(version)]
    command += ["--config", str(root / "towncrier.toml"), "--dir", str(package.path(root))]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        raise ReleaseError(f"towncrier failed: {without_traceback(done.stderr or done.stdout)}")
    if candidates:
        names = ", ".join(map(str, candidates))
        section = f"Pre-releases of it, whose changes it has: {names}."
        if not is_nothing_new:
            section += f"\n\n{newest_section(package, root)[1]}"
        rewrite_newest_section(package, root, section)


def without_traceback(printed: str) -> str:
    """What a tool says of its failure: of a traceback the last line, else everything."""
    text = printed.strip()
    return text.splitlines()[-1] if "Traceback (most recent call last)" in text else text


def newest_version(package: Package, root: Path) -> Version | None:
    """The first in the changelog; None where nothing was released yet."""
    heading = HEADING.search(changelog(package, root).read_text(encoding="utf-8"))
    return Version(heading["version"]) if heading else None


def newest_section(package: Package, root: Path) -> tuple[Version, str]:
    """The first version in the package's changelog, and the text below its heading."""
    version = newest_version(package, root)
    if version is None:
        raise ReleaseError(
            f"packages/{package.folder}/CHANGELOG.md has no release: hatch run release:bump first"
        )
    _, section, _ = around_newest_section(changelog(package, root).read_text(encoding="utf-8"))
    return version, section.strip()


def rewrite_newest_section(package: Package, root: Path, section: str) -> None:
    path = changelog(package, root)
    before, _, after = around_newest_section(path.read_text(encoding="utf-8"))
    text = f"{before}\n\n{section}\n" + (f"\n\n{after}" if after else "")
    path.write_text(text, encoding="utf-8")


def around_newest_section(text: str) -> tuple[str, str, str]:
    """What stands up to the end of its heading, the section, and what stands from the next on."""
    first, *others = HEADING.finditer(text)
    end = others[0].start() if others else len(text)
    return text[: first.end()], text[first.end() : end], text[end:]
