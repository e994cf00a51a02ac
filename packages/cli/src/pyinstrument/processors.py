"""Processors, under the path that users of pyinstrument know.

They have the same names, but edit a ``CallTree`` where pyinstrument 5 handed them a frame.
"""

from __future__ import annotations

from pyinstrument_model.processors import (
    Processor,
    ProcessorOptions,
    aggregate_repeated_calls,
    default_processors,
    group_library_frames_processor,
    merge_consecutive_self_time,
    remove_first_pyinstrument_frames_processor,
    remove_importlib,
    remove_irrelevant_nodes,
    remove_tracebackhide,
    remove_unnecessary_self_time_nodes,
)

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
