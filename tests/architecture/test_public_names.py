"""The public names of each package: what users may rely on. A change here is a change for them,
and belongs into the package's CHANGELOG.md.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

API_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"

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


def test_the_page_of_names_to_rely_on_has_all_of_them() -> None:
    text = API_PAGE.read_text(encoding="utf-8")
    documented = {id(value) for value in documented_in(text)}
    assert [
        f"{package}.{name}"
        for package, names in PUBLIC.items()
        for name in names
        if id(getattr(importlib.import_module(package), name)) not in documented
    ] == []


def documented_in(page: str) -> list[object]:
    """What the directives of the page show, and names in its text that begin with a package's."""
    names = re.findall(r"^\.\. auto(?:class|function):: (\S+)", page, re.MULTILINE)
    names += re.findall(r"`(pyinstrument\w*\.[\w.]+)`", page)
    # Modules of frameworks, which need not be installed, have no names of the list above.
    names = [name for name in names if not name.startswith("pyinstrument_integrations.")]
    found = [value_of(name) for name in names]
    for name in re.findall(r"^\.\. automodule:: (\S+)", page, re.MULTILINE):
        module = importlib.import_module(name)
        found += [
            value
            for key, value in vars(module).items()
            if not key.startswith("_") and getattr(value, "__module__", "").startswith(name)
        ]
    return found


def value_of(name: str) -> object:
    """Of a dotted name."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except AttributeError:
        return importlib.import_module(name)
