"""Looks at files as such: spaces at ends of lines, the last newline, size, marks of a merge.

`hatch run lint:check` looks at all that git tracks, a commit at what it changes. `--fix` mends
spaces and newlines.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 500 * 1024
"""Bytes: a clone is to stay small."""
AS_THEY_ARE = "tests/cases/sessions/"
"""Files of others, kept to the byte."""
GENERATED = re.compile(r"\.(so|pyd|o|whl|gz|pyc)$|(^|/)(static|dist|node_modules)/")
SPACE = re.compile(rb"[ \t]+(?=\r?$)", re.MULTILINE)
CONFLICT = re.compile(rb"^(<{7} |>{7} |={7}\r?$)", re.MULTILINE)


def faults_of(name: str, content: bytes) -> list[str]:
    """What is wrong with a file; *name* is its path from the root, with slashes."""
    found = []
    if GENERATED.search(name):
        found.append("made by a build, and no part of the repository")
    if len(content) > LIMIT:
        found.append(f"{len(content):,} bytes: more than {LIMIT:,}")
    if name.startswith(AS_THEY_ARE) or b"\0" in content:
        return found
    if CONFLICT.search(content):
        found.append("marks of a merge conflict")
    if content != mended(content):
        found.append("space at the end of a line, or not one newline at the end of the file")
    return found


def mended(content: bytes) -> bytes:
    """A text without spaces at the ends of lines, and with one newline at its end."""
    text = SPACE.sub(b"", content).rstrip(b"\r\n")
    return text + b"\n" if text else b""


def tracked(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, stdout=subprocess.PIPE
    ).stdout
    return [name for name in listed.decode().split("\0") if name]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="paths from the root (default: all tracked)")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the checkout")
    parser.add_argument("--fix", action="store_true", help="mend spaces and newlines")
    arguments = parser.parse_args()
    count = 0
    for name in arguments.files or tracked(arguments.root):
        path = arguments.root / name
        if not path.is_file() or path.is_symlink():  # deleted, but not yet for git
            continue
        content = path.read_bytes()
        if arguments.fix and b"\0" not in content and not name.startswith(AS_THEY_ARE):
            if content != mended(content):
                content = mended(content)
                path.write_bytes(content)
        faults = faults_of(Path(name).as_posix(), content)
        count += len(faults)
        for fault in faults:
            print(f"{name}: {fault}", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
