"""Processors: call tree to call tree, one file each, named for their effect."""

from __future__ import annotations

from ..processor_options import ProcessorOptions
from .aggregate_repeated_calls import aggregate_repeated_calls
from .default_chains import Processor, default_processors
from .group_library_frames import group_library_frames_processor
from .merge_consecutive_self_time import merge_consecutive_self_time
from .remove_first_pyinstrument_frames import remove_first_pyinstrument_frames_processor
from .remove_importlib import remove_importlib
from .remove_irrelevant_nodes import remove_irrelevant_nodes
from .remove_tracebackhide import remove_tracebackhide
from .remove_unnecessary_self_time_nodes import remove_unnecessary_self_time_nodes

__all__ = [
    "Processor",
    "ProcessorOptions",
    "aggregate_repeated_calls",
    "default_processors",
    "group_library_frames_processor",
    "merge_consecutive_self_time",
    "remove_first_pyinstrument_frames_processor",
    "remove_importlib",
    "remove_irrelevant_nodes",
    "remove_tracebackhide",
    "remove_unnecessary_self_time_nodes",
]
