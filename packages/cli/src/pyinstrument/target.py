"""What the command is asked to run: a script, a module, or a string of code."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class TargetKind(Enum):
    """The three ways in which ``python`` runs a program."""

    SCRIPT = "script"
    """A file, a folder or archive with a ``__main__.py``, or ``-`` for standard input."""
    MODULE = "module"
    CODE = "code"


class Target(NamedTuple):
    """A program and its arguments, as they were typed."""

    kind: TargetKind
    program: str
    """Path, module name, or source text."""
    arguments: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The program and its arguments, as they are shown in a title."""
        return ("-c" if self.kind is TargetKind.CODE else self.program, *self.arguments)
