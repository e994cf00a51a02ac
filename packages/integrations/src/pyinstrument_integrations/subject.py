"""What was profiled: a request, a cell, a test, a task."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """Names a profile: in its title, its file's name and the index of a folder."""

    name: str
    """What was asked for: a request's path with its query, a test's id."""
    kind: str = ""
    """A request's method, or a word like ``"test"``."""
    route: str = ""
    """What it is one of many of: a request's route, like ``/users/{id}``."""

    @property
    def title(self) -> str:
        """For the head of a report."""
        return f"{self.kind} {self.name}" if self.kind else self.name
