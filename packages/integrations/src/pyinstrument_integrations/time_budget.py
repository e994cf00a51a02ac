"""How long code may take: durations in words, the calls that are meant, and what to say."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, NamedTuple

from .errors import InvalidSettingError

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.session import Session

_DURATION = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(us|µs|ms|s|min)?\s*")
_SECONDS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
_SHOWN = 3


class TimeBudget(NamedTuple):
    """A duration, and optionally which calls it is for."""

    seconds: float
    frame: str | None = None
    """Glob of a dotted name, like ``app.db.*``; None: all of it."""

    @classmethod
    def of(cls, budget: object, frame: object = None) -> TimeBudget:
        """Of ``"200ms"`` or a number of seconds. Raises ``InvalidSettingError``."""
        if frame is not None and not (isinstance(frame, str) and frame):
            raise InvalidSettingError(
                f"frame must be a dotted name, like 'app.db.*', not {frame!r}"
            )
        return cls(parse_duration(budget), frame)

    def fault(self, session: Session) -> str | None:
        """What to say of a session that took longer; None for one that did not."""
        if self.frame is None:
            if session.duration <= self.seconds:
                return None
            return _message(self, session.duration, session, _top_calls(session, _is_own))
        matches = _matcher(self.frame)
        calls = _top_calls(session, matches)
        taken = sum(call.time for call in calls)
        return None if taken <= self.seconds else _message(self, taken, session, calls)


def parse_duration(budget: object) -> float:
    """Seconds of ``"200ms"``, ``"1.5s"``, ``"2 min"``, ``"50us"``, or of a number of seconds.

    Raises ``InvalidSettingError``.
    """
    if isinstance(budget, (int, float)) and not isinstance(budget, bool):
        seconds = float(budget)
    else:
        match = _DURATION.fullmatch(budget) if isinstance(budget, str) else None
        if match is None:
            raise InvalidSettingError(
                f"a time budget is like '200ms', '1.5s' or '2min', or a number of seconds, "
                f"not {budget!r}"
            )
        seconds = float(match[1]) * _SECONDS[match[2] or "s"]
    if not 0 < seconds < float("inf"):
        raise InvalidSettingError(f"a time budget must be above 0, not {budget!r}")
    return seconds


def dotted_name(node: CallNode) -> str:
    """Folders, module and function of a call: ``home.me.app.db.queries.fetch``."""
    if node.file_path is None or node.file_path.startswith("<"):
        return node.qualname or node.function
    parts = [part for part in re.split(r"[\\/]", node.file_path) if part]
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    parts[-1:] = [] if stem == "__init__" else [stem]
    function = node.qualname or node.function
    if not node.qualname and node.class_name:
        function = f"{node.class_name}.{function}"
    return ".".join([*parts, function])


def _matcher(glob: str) -> _Matcher:
    return _Matcher(re.compile(f"(?:.*[.])?{fnmatch.translate(glob)}"))


class _Matcher:
    """Whether a call is meant by a glob; the folders in front of its name may be left out."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self._known: dict[int, bool] = {}

    def __call__(self, node: CallNode) -> bool:
        if node.is_synthetic:
            return False
        known = self._known.get(id(node.code))
        if known is None:
            known = bool(self._pattern.match(dotted_name(node)))
            self._known[id(node.code)] = known
        return known


def _is_own(node: CallNode) -> bool:
    return node.is_application_code and not node.is_synthetic


def _top_calls(session: Session, matches: object) -> list[CallNode]:
    """The outermost calls that match, the longest first: recursion counts once."""
    assert callable(matches)
    found: list[CallNode] = []
    root = session.call_tree([]).root
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if matches(node):
            found.append(node)
        else:
            waiting.extend(node.children)
    return sorted(found, key=lambda node: -node.total_ns)


def _message(budget: TimeBudget, taken: float, session: Session, calls: list[CallNode]) -> str:
    from pyinstrument_renderers.console.subtree import subtree_text

    what = f"calls of {budget.frame!r} took" if budget.frame else "took"
    lines = [f"{what} {taken:.3f} s, the budget is {_words(budget.seconds)}"]
    for call in calls[:_SHOWN]:
        lines += ["", subtree_text(session, call)]
    if len(calls) > _SHOWN:
        rest = sum(call.time for call in calls[_SHOWN:])
        lines += ["", f"and {len(calls) - _SHOWN} more, {rest:.3f} s together"]
    return "\n".join(lines)


def _words(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds * 1e6:g} us"
