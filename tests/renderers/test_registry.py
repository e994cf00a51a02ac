"""Renderers are found by name, by file suffix, among installed packages and by import path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyinstrument_renderers.errors import (
    MisconfigurationError,
    OptionError,
    RendererImportError,
    UnknownRendererError,
)
from pyinstrument_renderers.interface import Renderer
from pyinstrument_renderers.registry import (
    BUILT_IN,
    NAME_BY_SUFFIX,
    canonical_name,
    create_renderer,
    option_names,
    renderer_class,
    renderer_name_for_path,
    renderer_names,
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.txt", "text"),
        ("a.JSON", "json"),
        ("a.speedscope.json", "speedscope"),
        ("dir.json/a", "text"),
        ("a.pyisession", "session"),
        ("a.HTM", "html"),
        ("a.html", "html"),
        ("a.pstats", "pstats"),
        ("a.collapsed", "collapsed"),
        ("a.pb.gz", "pprof"),
        ("a.gz", "text"),
        ("a.gecko.json", "gecko"),
        ("a.trace.json", "chrome-trace"),
        ("a.md", "markdown"),
        ("a.csv", "csv"),
        ("a.log", "text"),
        ("a", "text"),
    ],
)
def test_the_longest_suffix_names_the_format(path: str, name: str) -> None:
    assert renderer_name_for_path(path) == name


def test_there_is_a_format_for_each_suffix() -> None:
    assert set(NAME_BY_SUFFIX.values()) == set(BUILT_IN)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", "pyinstrument_renderers.console.renderer.ConsoleRenderer"),
        ("console", "pyinstrument_renderers.console.renderer.ConsoleRenderer"),
        ("json", "pyinstrument_renderers.json.JSONRenderer"),
        ("session", "pyinstrument_renderers.session.SessionRenderer"),
        ("pyisession", "pyinstrument_renderers.session.SessionRenderer"),
        ("speedscope", "pyinstrument_renderers.speedscope.SpeedscopeRenderer"),
        ("pstats", "pyinstrument_renderers.pstats.PstatsRenderer"),
        ("collapsed", "pyinstrument_renderers.collapsed.CollapsedRenderer"),
        ("pprof", "pyinstrument_renderers.pprof.PprofRenderer"),
        ("gecko", "pyinstrument_renderers.gecko.GeckoRenderer"),
        ("chrome-trace", "pyinstrument_renderers.chrome_trace.ChromeTraceRenderer"),
        ("markdown", "pyinstrument_renderers.markdown.renderer.MarkdownRenderer"),
        ("csv", "pyinstrument_renderers.csv.CSVRenderer"),
    ],
)
def test_built_in_names(name: str, expected: str) -> None:
    found = renderer_class(name)

    assert f"{found.__module__}.{found.__qualname__}" == expected


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_extension_of_a_format_names_it(name: str) -> None:
    extension = renderer_class(name).output_file_extension

    assert NAME_BY_SUFFIX[f".{extension}"] == name


def test_a_renderer_is_listed_by_one_name(own_modules: Path) -> None:
    install_entry_point(own_modules, "mine", "third_party:Mine")

    assert renderer_names() == [*BUILT_IN, "mine"]
    assert [canonical_name(name) for name in ("console", "pyisession", "json", "mine")] == [
        "text",
        "session",
        "json",
        "mine",
    ]


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownRendererError) as caught:
        renderer_class("nothing")

    assert caught.value.available == tuple(renderer_names())
    assert str(caught.value) == (
        f"there is no renderer 'nothing'; there are: {', '.join(renderer_names())}, "
        "or give the import path of a renderer class, like package.module.MyRenderer"
    )


def test_options_go_to_the_constructor() -> None:
    renderer = create_renderer("text", {"flat": True, "flat_time": "total"})

    assert (renderer.flat, renderer.flat_time) == (True, "total")  # type: ignore[attr-defined]


def test_an_unknown_option_names_renderer_option_and_valid_ones() -> None:
    with pytest.raises(OptionError) as caught:
        create_renderer("json", {"colour": True})

    assert str(caught.value) == (
        "renderer 'json' has no option 'colour'; "
        "its options are: show_all, timeline, processor_options, clock"
    )
    assert isinstance(caught.value, MisconfigurationError)


def test_a_renderer_without_options_says_so() -> None:
    with pytest.raises(OptionError) as caught:
        create_renderer("session", {"show_all": True})

    assert str(caught.value) == "renderer 'session' has no option 'show_all'; its options are: none"


@pytest.fixture()
def own_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path, whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in list(sys.modules):
        if name.startswith("third_party_"):
            monkeypatch.delitem(sys.modules, name)
    return tmp_path


def test_an_import_path_gives_the_class(own_modules: Path) -> None:
    (own_modules / "third_party_a.py").write_text(
        "class Mine:\n"
        "    def __init__(self, *, level=1): self.level = level\n"
        "    def render(self, session): return 'mine'\n"
    )

    renderer = create_renderer("third_party_a.Mine", {"level": 2})

    assert renderer.level == 2  # type: ignore[attr-defined]
    assert option_names(type(renderer)) == ("level",)


@pytest.mark.parametrize(
    ("source", "path", "message"),
    [
        (
            None,
            "third_party_none.Mine",
            "cannot import renderer 'third_party_none.Mine': there is no module "
            "'third_party_none' on sys.path; for one in this folder set PYTHONPATH=. ; "
            "renderers by name are: ",
        ),
        (
            "x = 1",
            "third_party_b.Mine",
            "cannot import renderer 'third_party_b.Mine': module 'third_party_b' has no 'Mine'",
        ),
        (
            "1 / 0",
            "third_party_b.Mine",
            "cannot import renderer 'third_party_b.Mine': importing 'third_party_b' raised "
            "ZeroDivisionError: division by zero",
        ),
        (
            "Mine = 3",
            "third_party_b.Mine",
            "renderer 'third_party_b.Mine' is 3, which is not a class with a method 'render'",
        ),
    ],
)
def test_an_import_path_that_fails_says_why(
    own_modules: Path, source: str, path: str, message: str
) -> None:
    if source is not None:
        (own_modules / "third_party_b.py").write_text(source)

    with pytest.raises(RendererImportError) as caught:
        renderer_class(path)

    assert str(caught.value).startswith(message)


def install_entry_point(folder: Path, name: str, value: str) -> None:
    """Puts a distribution's metadata there, as pip would."""
    info = folder / "third_party-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[pyinstrument.renderers]\n{name} = {value}\n")


def test_an_installed_package_adds_a_renderer(own_modules: Path) -> None:
    install_entry_point(own_modules, "mine", "third_party_c:Mine")
    (own_modules / "third_party_c.py").write_text(
        "from pyinstrument_renderers.interface import Renderer\n"
        "class Mine(Renderer):\n"
        "    def render(self, session): return 'mine'\n"
    )

    assert "mine" in renderer_names()
    assert issubclass(renderer_class("mine"), Renderer)


def test_a_broken_entry_point_is_named(own_modules: Path) -> None:
    install_entry_point(own_modules, "mine", "third_party_missing:Mine")

    with pytest.raises(RendererImportError) as caught:
        renderer_class("mine")

    assert str(caught.value) == (
        "renderer 'mine' is installed as 'third_party_missing:Mine', but loading it raised "
        "ModuleNotFoundError: No module named 'third_party_missing'"
    )


def test_an_installed_package_cannot_take_a_built_in_name(own_modules: Path) -> None:
    install_entry_point(own_modules, "json", "third_party_missing:Mine")

    assert renderer_class("json").__module__ == "pyinstrument_renderers.json"
    assert renderer_names().count("json") == 1


def test_choosing_json_imports_neither_console_nor_metadata() -> None:
    code = (
        "import sys\n"
        "from pyinstrument_renderers.registry import renderer_class\n"
        "renderer_class('json')\n"
        "print(sorted({'rich', 'importlib.metadata', 'pyinstrument_renderers.console'}"
        " & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )

    assert done.stdout == "[]\n"
