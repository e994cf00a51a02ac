"""Which processors a report runs unless told otherwise, in order, with the reason for each."""

from __future__ import annotations

from typing import Callable

from ..call_tree import CallTree
from ..processor_options import ProcessorOptions
from .aggregate_repeated_calls import aggregate_repeated_calls
from .group_library_frames import group_library_frames_processor
from .merge_consecutive_self_time import merge_consecutive_self_time
from .remove_first_pyinstrument_frames import remove_first_pyinstrument_frames_processor
from .remove_importlib import remove_importlib
from .remove_irrelevant_nodes import remove_irrelevant_nodes
from .remove_tracebackhide import remove_tracebackhide
from .remove_unnecessary_self_time_nodes import remove_unnecessary_self_time_nodes

Processor = Callable[[CallTree, ProcessorOptions], CallTree]
"""Call tree to call tree; may edit the one it is given."""

REPORT_CHAIN: list[Processor] = [
    # An import is one step to a reader, not six.
    remove_importlib,
    # Frames that ask to be hidden.
    remove_tracebackhide,
    # What the two above removed may have parted own time.
    merge_consecutive_self_time,
    # Sums read better than a story in time; not in a timeline.
    aggregate_repeated_calls,
    # After the sums: many small calls may add up to a large one.
    remove_irrelevant_nodes,
    # After pruning, which leaves nodes with nothing but own time.
    remove_unnecessary_self_time_nodes,
    # The program is the root, not the command that ran it.
    remove_first_pyinstrument_frames_processor,
    # Last: grouping looks at the tree as it will be shown.
    group_library_frames_processor,
]

_LEFT_OUT_BY_SHOW_ALL = (
    remove_importlib,
    remove_tracebackhide,
    remove_irrelevant_nodes,
    group_library_frames_processor,
)


def default_processors(*, show_all: bool = False, timeline: bool = False) -> list[Processor]:
    """A new list of the report chain. *show_all* leaves out what removes or hides calls;
    *timeline* keeps repeated calls apart, in the order of time."""
    left_out: list[Processor] = []
    if show_all:
        left_out.extend(_LEFT_OUT_BY_SHOW_ALL)
    if timeline:
        left_out.append(aggregate_repeated_calls)
    return [processor for processor in REPORT_CHAIN if processor not in left_out]
