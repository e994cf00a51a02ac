"""Makes a session's call tree and runs processors on it, as many as possible while building."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .aggregated_builder import build_aggregated
from .build_rules import BuildRules, SkipRule
from .call_node import CallNode
from .call_tree import CallTree
from .errors import OptionError
from .functions import ROOT
from .processor_options import ProcessorOptions
from .processors import (
    Processor,
    aggregate_repeated_calls,
    merge_consecutive_self_time,
    remove_importlib,
    remove_irrelevant_nodes,
    remove_tracebackhide,
)
from .processors.remove_importlib import is_importlib
from .processors.remove_irrelevant_nodes import prune_threads
from .processors.remove_tracebackhide import is_hidden
from .row_origins import RowsOrigin
from .session import Session
from .stack_index import CLOCKS, StackIndex
from .time_ordered_builder import build_time_ordered
from .tree_edits import adopt
from .tree_root import find_roots, synthetic

_SKIPS: dict[Processor, SkipRule] = {
    remove_importlib: is_importlib,
    remove_tracebackhide: is_hidden,
}
_STAGES: dict[Processor, int] = {
    remove_importlib: 0,
    remove_tracebackhide: 0,
    merge_consecutive_self_time: 1,
    aggregate_repeated_calls: 2,
    remove_irrelevant_nodes: 3,
}
"""The order in which a builder does these. Any other order means something else: pruning before
summing, say, loses many small calls that add up."""


def plan_build(
    processors: Sequence[Processor], options: ProcessorOptions
) -> tuple[BuildRules, Sequence[Processor]]:
    """The rules that the leading processors amount to, and the processors that remain."""
    rules = BuildRules()
    stage = 0
    for place, processor in enumerate(processors):
        if _STAGES.get(processor, -1) < stage:
            return rules, processors[place:]
        stage = _STAGES[processor]
        if processor in _SKIPS:
            rules = rules._replace(skips=(*rules.skips, _SKIPS[processor]))
        elif processor is merge_consecutive_self_time:
            rules = rules._replace(merge_self=True)
        elif processor is aggregate_repeated_calls:
            rules = rules._replace(aggregate=True)
        else:
            rules = rules._replace(prune_below=options.filter_threshold)
    return rules, ()


def apply_processors(
    session: Session,
    processors: Sequence[Processor],
    options: ProcessorOptions | Mapping[str, Any] | None = None,
    *,
    trim_stem: bool = True,
    clock: str = "wall",
) -> CallTree:
    """The tree that *processors* make, one after the other, of the full time-ordered tree.

    Raises :class:`~pyinstrument_model.errors.OptionError` for options that cannot be used.
    """
    if clock not in CLOCKS:
        raise OptionError(f"clock is {clock!r}; it is one of {', '.join(CLOCKS)}")
    checked = ProcessorOptions.of(options)
    rules, remaining = plan_build(processors, checked)
    tree = build_tree(session, rules, trim_stem=trim_stem, clock=clock)
    for processor in remaining:
        tree = processor(tree, checked)
    return tree


def build_tree(
    session: Session, rules: BuildRules, *, trim_stem: bool = True, clock: str = "wall"
) -> CallTree:
    """The tree of a session under some rules; the full, time-ordered one without any."""
    index = session.stack_index_of(clock)
    build = build_aggregated if rules.aggregate else build_time_ordered
    roots = [build(index, root, rules) for root in find_roots(index, trim_stem)]
    if not roots:
        return CallTree(None, session)
    if not roots[0].is_thread:
        return CallTree(roots[0], session)
    tree = CallTree(_root_of_threads(index, roots), session)
    if rules.prune_below:
        prune_threads(tree, rules.prune_below)
    return tree


def _root_of_threads(index: StackIndex, roots: list[CallNode]) -> CallNode:
    """A stand-in for several threads, whose times are added up in it."""
    total_ns = sum(root.total_ns for root in roots)
    top = CallNode(
        synthetic(ROOT, index.functions.rules), total_ns, origins=(RowsOrigin(index, [0]),)
    )
    adopt(top, roots)
    return top
