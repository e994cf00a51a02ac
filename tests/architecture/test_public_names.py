"""The public names of each package: what users may rely on. A change here is a change for them,
and belongs into the package's CHANGELOG.md.
"""

from __future__ import annotations

import importlib

import pytest

PUBLIC: dict[str, list[str]] = {
    "pyinstrument_sampler": [
        "ClockError",
        "EngineUnavailableError",
        "Frame",
        "FrameKind",
        "InvalidOptionError",
        "Location",
        "Recording",
        "RecordingFacts",
        "Sample",
        "SampleState",
        "Sampler",
        "SamplerError",
        "SamplerStateError",
        "UnknownThreadError",
    ],
    "pyinstrument_model": [
        "BrokenTreeError",
        "CallNode",
        "CallTree",
        "FrameGroup",
        "FunctionTotal",
        "LineTime",
        "ModelError",
        "OptionError",
        "ProcessorOptions",
        "Recorder",
        "RecorderStateError",
        "Session",
        "SessionFileError",
        "function_totals",
    ],
    "pyinstrument_model.processors": [
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
    ],
    "pyinstrument_renderers": [],
    "pyinstrument_renderers.console": [
        "ConsoleRenderer",
    ],
    "pyinstrument_renderers.html": [
        "HTMLRenderer",
    ],
    "pyinstrument_renderers.markdown": [
        "MarkdownRenderer",
    ],
    "pyinstrument_integrations": [],
    "pyinstrument": [
        "Profiler",
        "__version__",
        "load_ipython_extension",
        "profile",
        "unload_ipython_extension",
    ],
    "pyinstrument.frame": [
        "Frame",
        "FrameGroup",
    ],
    "pyinstrument.processors": [
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
    ],
    "pyinstrument.renderers": [
        "ConsoleRenderer",
        "FrameRenderer",
        "HTMLRenderer",
        "JSONRenderer",
        "MisconfigurationError",
        "PartsRenderer",
        "PstatsRenderer",
        "Renderer",
        "SessionRenderer",
        "SpeedscopeRenderer",
    ],
    "pyinstrument.session": [
        "Session",
    ],
}


@pytest.mark.parametrize("package", PUBLIC)
def test_a_package_exports_exactly_the_names_listed_here(package: str) -> None:
    assert sorted(importlib.import_module(package).__all__) == sorted(PUBLIC[package])


@pytest.mark.parametrize("package", PUBLIC)
def test_every_exported_name_exists(package: str) -> None:
    module = importlib.import_module(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", PUBLIC)
def test_nothing_public_is_left_out_of_all(package: str) -> None:
    """What is ours and has no underscore is a promise, unless it is a module."""
    module = importlib.import_module(package)
    leaked = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and name not in module.__all__
        and str(getattr(value, "__module__", "")).startswith("pyinstrument")
    ]
    assert leaked == []
