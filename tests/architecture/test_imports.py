"""Imports go one way: sampler, model, renderers, cli. Read from the syntax trees, so that imports
inside functions count; the last tests start an interpreter and look at what was really loaded.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest
from repository import PACKAGES

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "sampler": set(),
    "model": {"pyinstrument_sampler"},
    "renderers": {"pyinstrument_model", "rich", "tomli"},
    "cli": {"pyinstrument_sampler", "pyinstrument_model", "pyinstrument_renderers"},
    "integrations": {"pyinstrument_sampler", "pyinstrument_model", "pyinstrument_renderers"},
}
"""What a package may import besides itself and the standard library."""

OWN_NAME = {package.folder: package.import_name for package in PACKAGES.values()}

FOR_INTEGRATIONS = {"middleware", "magic"}
"""Modules of the command's package that hand on what the integrations have, where installed."""

FRAMEWORK_OF = {
    "aiohttp": {"aiohttp"},
    "django": {"django", "asgiref"},
    "fastapi": {"fastapi", "starlette"},
    "flask": {"flask"},
    "celery": {"celery"},
    "ipython": {"IPython"},
    "magic_report": {"IPython"},
    "pytest_each": {"pytest"},
    "pytest_plugin": {"pytest"},
    "pytest_session": {"pytest"},
    "pytest_budget": {"pytest"},
}
"""Module of the integrations → the framework that it alone may import."""

FREE_FOR_MODEL = {
    "pyinstrument_sampler.recording",
    "pyinstrument_sampler.recording_builder",
    "pyinstrument_sampler.errors",
}
"""Modules of pure values. All else of the sampler is for `recorder.py` of the model alone."""

STANDARD_LIBRARY = getattr(sys, "stdlib_module_names", None)  # 3.10+


class Import(NamedTuple):
    """One imported module and where it is imported."""

    module: str
    place: str

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def imports_of(path: Path, source_root: Path) -> Iterator[Import]:
    """Every import of a Python or Cython file, relative ones made absolute."""
    for line, module, names, level in statements_of(path):
        if level:
            package = list(path.relative_to(source_root).with_suffix("").parts[:-level])
            module = ".".join([*package, *([module] if module else [])])
        place = f"{path.relative_to(ROOT)}:{line}"
        if names:
            modules = [name for name in names if is_module(f"{module}.{name}")]
            for name in modules:
                yield Import(f"{module}.{name}", place)
            if len(modules) == len(names):
                continue
        yield Import(module, place)


def is_module(name: str) -> bool:
    """Whether *name* is a module of ours, and not a value in one."""
    *package, last = name.split(".")
    for folder in OWN_NAME:
        below = ROOT.joinpath("packages", folder, "src", *package)
        if (below / last).is_dir() or list(below.glob(f"{last}.p*")):
            return True
    return False


def statements_of(path: Path) -> Iterator[tuple[int, str, list[str], int]]:
    """``(line, module, imported names, dots)`` of each import statement."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name, [], 0
            elif isinstance(node, ast.ImportFrom):
                yield node.lineno, node.module or "", [a.name for a in node.names], node.level
        return
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if words[:1] in (["import"], ["cimport"]):
            for module in line.split(None, 1)[1].split(","):
                yield number, module.split()[0], [], 0
        elif words[:1] == ["from"] and len(words) > 2 and words[2] in ("import", "cimport"):
            module = words[1].lstrip(".")
            yield number, module, [], len(words[1]) - len(module)


def imports_in(package: str) -> list[Import]:
    source_root = ROOT / "packages" / package / "src"
    paths = [p for p in sorted(source_root.rglob("*.p*")) if p.suffix in (".py", ".pyx", ".pxd")]
    assert paths, f"no source below {source_root}"
    return [found for path in paths for found in imports_of(path, source_root)]


def modules_loaded_by(statement: str) -> dict[str, str]:
    """Name and file of every module that a fresh interpreter has after *statement*."""
    script = (
        f"import sys\nbefore = set(sys.modules)\n{statement}\n"
        "for name in sorted(set(sys.modules) - before):\n"
        "    print(name, getattr(sys.modules[name], '__file__', None) or '')\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", script], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return dict(line.partition(" ")[::2] for line in out.splitlines())


@pytest.mark.skipif(STANDARD_LIBRARY is None, reason="only 3.10+ lists its standard library")
@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_before_it(package: str) -> None:
    allowed = {OWN_NAME[package], "__future__", "cython", "cpython", "libc"} | MAY_IMPORT[package]
    if package == "cli":
        allowed.add("pyinstrument_integrations")
    if package == "integrations":
        allowed |= {"typing_extensions"}.union(*FRAMEWORK_OF.values())
    strangers = [
        f"{found.place} imports {found.module}"
        for found in imports_in(package)
        if found.top not in allowed and found.top not in (STANDARD_LIBRARY or ())
    ]
    assert strangers == []


def required_by(package: str) -> set[str]:
    """Import names of what its `pyproject.toml` requires, without extras."""
    text = (ROOT / "packages" / package / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"(?ms)^dependencies = \[(.*?)\]$", text)
    return {name.replace("-", "_") for name in re.findall(r'"([A-Za-z0-9_-]+)', listed)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_requires_exactly_what_it_imports(package: str) -> None:
    known = set().union(*MAY_IMPORT.values()) - {OWN_NAME[package]}
    assert required_by(package) == {found.top for found in imports_in(package)} & known


def test_the_table_above_names_every_package() -> None:
    assert set(MAY_IMPORT) == {path.parent.name for path in ROOT.glob("packages/*/pyproject.toml")}


def test_two_modules_of_the_command_know_of_the_integrations() -> None:
    strangers = [
        f"{found.place} imports {found.module}"
        for found in imports_in("cli")
        if found.top == "pyinstrument_integrations"
        and Path(found.place.partition(":")[0]).stem not in FOR_INTEGRATIONS
    ]
    assert strangers == []


def test_a_framework_is_imported_by_its_own_module_alone() -> None:
    frameworks = set().union(*FRAMEWORK_OF.values())
    strangers = [
        f"{found.place} imports {found.module}"
        for found in imports_in("integrations")
        if found.top in frameworks
        and found.top not in FRAMEWORK_OF.get(Path(found.place.partition(":")[0]).stem, ())
    ]
    assert strangers == []


def test_only_the_recorder_of_the_model_imports_the_sampler_itself() -> None:
    others = [
        f"{found.place} imports {found.module}"
        for found in imports_in("model")
        if found.top == "pyinstrument_sampler"
        and found.module not in FREE_FOR_MODEL
        and "/recorder.py:" not in found.place
    ]
    assert others == []


def test_importing_the_model_loads_nothing_compiled_of_ours() -> None:
    loaded = modules_loaded_by("import pyinstrument_model")
    compiled = {
        name: file
        for name, file in loaded.items()
        if name.startswith("pyinstrument") and file.endswith(tuple(EXTENSION_SUFFIXES))
    }
    assert "pyinstrument_model" in loaded
    assert compiled == {}


def test_importing_the_model_loads_no_third_party_module() -> None:
    loaded = modules_loaded_by("import pyinstrument_model")
    strangers = {
        name: file
        for name, file in loaded.items()
        if "site-packages" in Path(file).parts and not name.startswith("pyinstrument")
    }
    assert strangers == {}


def test_importing_the_profiler_loads_no_heavy_module() -> None:
    heavy = {"rich", "dataclasses", "inspect", "importlib.metadata", "asyncio", "argparse"}
    assert heavy & set(modules_loaded_by("import pyinstrument")) == set()
