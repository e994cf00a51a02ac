"""The table of one interpreter: a row a program, a column a watcher."""

from __future__ import annotations

from typing import Sequence

import tables

from truth.judging import ProgramResult


def as_markdown(
    interpreter: str,
    settings: str,
    results: Sequence[ProgramResult],
    watchers: Sequence[str],
    reference: str | None,
    left_out: Sequence[str],
) -> str:
    """The whole report; **bold** is above the bound."""
    columns = [name for name in watchers if name != reference]
    reference = reference or "no reference"
    rows: list[list[str]] = []
    for is_below, title in ((False, "100 ns and more"), (True, "below 100 ns")):
        of_kind = [result for result in results if result.about.is_below_100_ns is is_below]
        if of_kind:
            bound = f"bound {of_kind[0].bound:.2f}"
            rows.append([f"*functions of {title}: {bound}*", *[""] * (len(columns) + 1)])
        rows.extend(_distance_row(result, columns) for result in of_kind)
    known = [row for result in results for row in _known_rows(result, [reference, *columns])]
    if known:
        rows.append(["*distance to known ratios*", *[""] * (len(columns) + 1)])
        rows.extend(known)
    rows.extend(_sums(results, [reference, *columns]))
    return "\n".join(
        [
            f"## Truth on {interpreter}",
            "",
            f"{tables.machine()}; {settings}.",
            "",
            tables.markdown(["self / total", f"{reference} twice", *columns], rows),
            "",
            *(f"- left out: {reason}" for reason in left_out),
            *_impossible_in_full(results),
            *_notes(results),
        ]
    )


def _distance_row(result: ProgramResult, watchers: Sequence[str]) -> list[str]:
    judgements = [result.judgements.get(watcher) for watcher in watchers]
    pairs = [result.floor, *(judgement and judgement.excess for judgement in judgements)]
    cells = [" / ".join(_figure(one, result.bound) for one in pair or ()) for pair in pairs]
    return [result.about.name, *cells]


def _known_rows(result: ProgramResult, watchers: Sequence[str]) -> list[list[str]]:
    rows = []
    for kind in dict.fromkeys(kind for one in result.judgements.values() for kind in one.known):
        cells = [f"{result.about.name}, {kind}"]
        for watcher in watchers:
            judgement = result.judgements.get(watcher)
            cells.append(_figure(judgement.known[kind], result.bound) if judgement else "")
        rows.append(cells)
    return rows


def _sums(results: Sequence[ProgramResult], watchers: Sequence[str]) -> list[list[str]]:
    within, impossible, samples = ["**within bounds**"], ["**impossible stacks**"], ["samples"]
    for watcher in watchers:
        seen = [(one, one.judgements[watcher]) for one in results if watcher in one.judgements]
        figures = [figure <= one.bound for one, judged in seen for figure in judged.figures()]
        within.append(f"{sum(figures)} of {len(figures)}" if figures else "")
        impossible.append(f"**{sum(len(judged.impossible) for _, judged in seen)}**")
        samples.append(f"{sum(judged.samples for _, judged in seen):,}")
    return [within, impossible, samples]


def _impossible_in_full(results: Sequence[ProgramResult], most: int = 5) -> list[str]:
    lines = []
    for result in results:
        for watcher, judgement in result.judgements.items():
            for one in judgement.impossible[:most]:
                lines.append(f"- impossible, {watcher}, {result.about.name}: {one}")
            if len(judgement.impossible) > most:
                lines.append(f"- … and {len(judgement.impossible) - most} more of them")
    return lines


def _notes(results: Sequence[ProgramResult]) -> list[str]:
    return [
        f"- {watcher} on {result.about.name}: {note}"
        for result in results
        for watcher, judgement in result.judgements.items()
        for note in judgement.notes
    ]


def _figure(value: float, bound: float) -> str:
    return f"**{value:.3f}**" if value > bound else f"{value:.3f}"
