"""Runs the code in a page of the documentation as a reader would, from top to bottom.

Blocks of Python share one namespace. One that begins with ``# NAME.py`` is saved as that file, for
the commands that follow. What a block of commands shows must be what the commands print.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from unittest import SkipTest

from sybil import Document, Example, Sybil
from sybil.parsers.myst import CodeBlockParser, SkipParser
from sybil.typing import Parser

from .busy import be_busy
from .doc_pages import ROOT

FILE_NAME = re.compile(r"# (\S+\.py)\n")
NUMBER = re.compile(r"(?<![\w:.])[0-9]+([.:,][0-9]+)*")
"""Not those behind a colon: the line in which a function begins is always the same."""
DRAWING = re.compile(r"[│├└─|`=-]+")
LEFT_OUT = "…"
"""A line of a shown output that stands for any others."""
COMMAND_SECONDS = 60


def work() -> int:
    """Stands in pages for whatever the reader wants to profile."""
    return be_busy(0.05)


class PageRun(NamedTuple):
    """One page being tried, in a folder of its own."""

    folder: Path
    environ: dict[str, str]
    unused_files: set[str]

    def python(self, example: Example) -> None:
        """Runs a block, or saves it."""
        text = str(example.parsed)
        name = FILE_NAME.match(text)
        if name is None:
            code = compile(text, f"{example.path}:{example.line}", "exec", dont_inherit=True)
            exec(code, example.namespace)
            return
        (self.folder / name.group(1)).write_text(text, encoding="utf-8")
        self.unused_files.add(name.group(1))

    def console(self, example: Example) -> None:
        """Runs a block's commands one by one."""
        for command, shown in commands_in(str(example.parsed)):
            self.unused_files.difference_update(re.findall(r"[\w.]+\.py", command))
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=self.folder,
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=COMMAND_SECONDS,
            )
            printed = done.stdout.decode()
            assert done.returncode == 0, f"{command}\n{printed}"
            assert missing_lines(shown, printed) == [], f"{command}\n{printed}"


def commands_in(text: str) -> list[tuple[str, list[str]]]:
    """Each command of a block, with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def missing_lines(shown: list[str], printed: str) -> list[str]:
    """Lines that are shown and were not printed, in that order; numbers may be others."""
    rest = iter([in_general(line) for line in printed.splitlines()])
    return [
        line
        for line in shown
        if line.strip() != LEFT_OUT and not any(found == in_general(line) for found in rest)
    ]


def in_general(line: str) -> str:
    """A line without numbers, drawing and remarks on waiting: what does not change by chance."""
    line = line.partition("  waiting ")[0]
    return " ".join(NUMBER.sub("0", DRAWING.sub(" ", line)).split())


def run_page(page: Path, folder: Path) -> int:
    """Runs all examples of a page; returns how many there were. Skipped ones say why."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("PYINSTRUMENT_")
    }
    scripts = str(Path(sys.executable).parent)
    environ.update(
        HOME=str(folder / "home"),
        XDG_DATA_HOME=str(folder / "home/data"),
        PATH=os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        PYTHONIOENCODING="utf-8",
        COLUMNS="80",
    )
    shutil.copytree(ROOT / "examples", folder / "examples")
    run = PageRun(folder, environ, set())
    parsers: list[Parser] = [
        CodeBlockParser("python", run.python),
        CodeBlockParser("console", run.console),
        SkipParser(),
    ]
    document: Document = Sybil(parsers).parse(page)
    namespace: dict[str, Any] = document.namespace
    namespace.update(__name__="__main__", work=work)
    count = 0
    for example in document.examples():
        count += 1
        with suppress(SkipTest):
            example.evaluate()
    assert run.unused_files == set(), "files that no command of the page uses"
    return count
