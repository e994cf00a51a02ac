"""Start-up is quick because little is imported; times are measured elsewhere, causes here."""

from __future__ import annotations

import importlib

import pytest
from support.command import Command

HEAVY = (
    "rich", "inspect", "dataclasses", "importlib.metadata", "json", "asyncio", "argparse",
    "subprocess", "logging", "tomllib", "tomli", "pickle", "unittest",
)  # fmt: skip


def loaded(command: Command, code: str, *names: str) -> list[str]:
    """Which of *names* are loaded after *code*, but not without it."""
    show = f"import sys\nprint(*[name for name in {names!r} if name in sys.modules])"
    before = command.python("-c", show).stdout.split()
    result = command.python("-c", f"{code}\n{show}")
    assert (result.stderr, result.status) == ("", 0)
    return [name for name in result.stdout.split() if name not in before]


def test_importing_the_package_loads_nothing_else(command: Command) -> None:
    own = ("pyinstrument_model", "pyinstrument_renderers", "pyinstrument_sampler")
    assert loaded(command, "import pyinstrument", *own, *HEAVY) == []


def test_a_profiler_needs_no_renderer(command: Command) -> None:
    code = "from pyinstrument import Profiler\nwith Profiler(): pass"
    assert loaded(command, code, "pyinstrument_renderers", "rich") == []


@pytest.mark.parametrize("output", ["x.txt", "x.json", "x.pyisession"])
def test_the_program_starts_with_little_loaded(command: Command, output: str) -> None:
    command.file("p.py", f"import sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])")
    before = command.python("p.py").stdout.split()
    found = command.pyinstrument("-o", output, "p.py").stdout.split()
    allowed = {*before, "json"} if output == "x.json" else {*before}
    assert [name for name in found if name not in allowed] == []


def test_a_report_without_colour_needs_no_rich(command: Command) -> None:
    command.file("p.py", "pass")
    code = "from pyinstrument.app import main\nmain(['-o', 'x.txt', 'p.py'])"
    assert loaded(command, code, "rich", "pygments") == []


@pytest.mark.parametrize(
    "path",
    ["pyinstrument:Profiler", "pyinstrument:profile", "pyinstrument:__version__",
     "pyinstrument.session:Session", "pyinstrument.frame:Frame", "pyinstrument.frame:FrameGroup",
     "pyinstrument.profiler:Profiler", "pyinstrument.processors:aggregate_repeated_calls",
     "pyinstrument.processors:remove_importlib", "pyinstrument.processors:ProcessorOptions",
     "pyinstrument.renderers:ConsoleRenderer", "pyinstrument.renderers:JSONRenderer",
     "pyinstrument.renderers:SessionRenderer", "pyinstrument.renderers:FrameRenderer",
     "pyinstrument.renderers:Renderer", "pyinstrument.renderers.base:Renderer",
     "pyinstrument.renderers.console:ConsoleRenderer",
     "pyinstrument.renderers.jsonrenderer:JSONRenderer",
     "pyinstrument.renderers.session:SessionRenderer"],
)  # fmt: skip
def test_import_paths_that_users_know_still_lead_there(path: str) -> None:
    module, _, name = path.partition(":")
    assert hasattr(importlib.import_module(module), name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import pyinstrument

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pyinstrument.nothing
    assert {"Profiler", "profile", "__version__"} <= set(dir(pyinstrument))
