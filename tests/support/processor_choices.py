"""Processors and thresholds that law tests draw from: every processor that there is."""

from __future__ import annotations

from hypothesis import strategies as st

from pyinstrument_model.processors import (
    Processor,
    aggregate_repeated_calls,
    group_library_frames_processor,
    merge_consecutive_self_time,
    remove_first_pyinstrument_frames_processor,
    remove_importlib,
    remove_irrelevant_nodes,
    remove_tracebackhide,
    remove_unnecessary_self_time_nodes,
)

PROCESSORS: list[Processor] = [
    remove_importlib,
    remove_tracebackhide,
    merge_consecutive_self_time,
    aggregate_repeated_calls,
    remove_irrelevant_nodes,
    remove_unnecessary_self_time_nodes,
    remove_first_pyinstrument_frames_processor,
    group_library_frames_processor,
]
thresholds = st.sampled_from([0.0, 0.01, 0.1, 0.25, 0.5])
