"""The bottom of the text report: what the numbers rest on, and how to see what is not shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..units import short_duration
from .styles import Line, printable

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

MIN_MARGIN = 0.05
"""Shares that are good to this are not worth a warning."""
MIN_LATE_SHARE = 0.1
"""Above it, late ticks are why there are fewer samples than a reader expects."""
MIN_UNRECORDED_SHARE = 0.05
MIN_UNRECORDED_NS = 10_000_000
"""CPU time of other threads that a reader should know of: above both."""
MIN_SLOWNESS = 1.25
"""From here on, times as long as wanted, ticks came too seldom to say nothing of it."""


def facts_lines(session: Session, clock: str = "wall") -> list[Line]:
    """The interval, threads and engine, and why there are fewer samples than ticks."""
    facts = session.facts
    lines: list[Line] = []
    if clock == "cpu":
        lines.append([("Times are CPU time: what was waited for is not in them", "dim")])
    said = [_interval(session), _THREADS.get(facts.threads, ""), _engine(session)]
    if any(said):
        lines.append([("; ".join(filter(None, said)), "dim")])
    if facts.ticks_late > facts.ticks_asked * MIN_LATE_SHARE:
        late = f"{facts.ticks_late} of {facts.ticks_asked} ticks"
        why = "fell into C calls, waits or lost CPU time: timed, not sampled"
        lines.append([(f"{late} {why}", "dim")])
    return lines


_THREADS = {"all": "all threads", "chosen": "chosen threads"}


def _engine(session: Session) -> str:
    engine, reason = session.facts.engine, printable(session.facts.engine_reason.rstrip("."))
    if not reason or reason.startswith(engine):
        return reason or engine
    return f"{engine}: {reason}"


def _interval(session: Session) -> str:
    wanted, reached = session.facts.interval_ns, _reached_interval_ns(session)
    if not session.facts.sample_count or not wanted:
        return ""
    # A short profile ends before its last interval does, which says nothing about the others.
    ended_early = session.facts.duration_ns < wanted * (session.facts.sample_count + 1)
    if reached < wanted * MIN_SLOWNESS or ended_early:
        return f"Sampled every {short_duration(wanted)}"
    return f"Sampled every {short_duration(reached)} instead of {short_duration(wanted)}"


def _reached_interval_ns(session: Session) -> float:
    """Mean time between ticks, late ones included."""
    facts = session.facts
    return max(facts.interval_ns, facts.duration_ns / max(1, facts.sample_count + facts.ticks_late))


def warning_lines(session: Session, unicode: bool) -> list[Line]:
    """What makes the numbers less than they seem."""
    notes, count = session.facts.notes, session.facts.sample_count
    lines: list[Line] = [[(f"Note: {printable(note)}", "warning")] for note in notes]
    unrecorded_ns = _unrecorded_cpu_ns(session)
    if unrecorded_ns:
        used = f"Other threads used {short_duration(unrecorded_ns)} of CPU and were not recorded"
        how = '--threads all (threads="all") records those that run Python'
        lines.append([(f"Note: {used}; {how}", "warning")])
    margin = _margin(session)
    if margin > MIN_MARGIN:
        samples = "1 sample" if count == 1 else f"{count} samples"
        sign = "±" if unicode else "+-"
        lines.append([(f"{samples}: treat shares as {sign}{margin * 100:.0f} %", "warning")])
    return lines


def _unrecorded_cpu_ns(session: Session) -> int:
    """CPU time of threads that nobody asked to record; 0 where it is not worth a note."""
    facts = session.facts
    if facts.threads == "all" or facts.cpu_clock != "thread":
        return 0
    recorded = sum(session.recording.samples.cpu_ns)
    unrecorded = facts.process_cpu_ns - recorded - facts.own_cpu_ns
    least = max(MIN_UNRECORDED_NS, facts.process_cpu_ns * MIN_UNRECORDED_SHARE)
    return unrecorded if unrecorded > least else 0


def _margin(session: Session) -> float:
    """Standard error of a share, at its worst: where it is one half.

    1. For independent samples it is sqrt(0.5 * 0.5 / count).
    2. Only the time until a sample is due was sampled. What then goes on, a long C call or a wait,
       is timed: whose time it is, is known.
    """
    count, duration_ns = session.facts.sample_count, session.facts.duration_ns
    if not count or not duration_ns:
        return 0.0
    sampled_share = min(1.0, _reached_interval_ns(session) * count / duration_ns)
    return sampled_share * 0.5 / math.sqrt(count)


def hidden_legend() -> Line:
    """For the remarks on hidden frames."""
    text = "Calls inside libraries are hidden; --show-all (show_all=True) shows them"
    return [(text, "dim")]


def folded_legend(levels: int) -> Line:
    """For a tree that is drawn in several stretches of *levels* each."""
    text = f"{levels}+ before a line: it is that many calls deep; its indentation starts again"
    return [(text, "dim")]


def waiting_legend() -> Line:
    """For the marks of frames that waited."""
    text = "waiting: share of a line's time in which its thread did not run"
    return [(text, "dim")]


def thread_shares_legend() -> Line:
    """For percentages in a report on several threads."""
    return [("Percentages are of each thread's own time", "dim")]


def short_threads_legend(together: str) -> Line:
    """For threads that are too short to be drawn."""
    text = (
        f"Short threads, {together} together, are left out; --show-all (show_all=True) shows them"
    )
    return [(text, "dim")]
