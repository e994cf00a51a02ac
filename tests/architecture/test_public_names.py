"""The public names of each package: what users may rely on. A change here is a change for them,
and belongs into the package's CHANGELOG.md.
"""

from __future__ import annotations

import importlib

import pytest

PUBLIC: dict[str, list[str]] = {
    "pyinstrument_sampler": [],
    "pyinstrument_model": [],
    "pyinstrument_renderers": [],
    "pyinstrument": [],
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
    """A name without an underscore is a promise, unless it is a module."""
    module = importlib.import_module(package)
    leaked = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and name not in module.__all__
        and name not in ("annotations", "TYPE_CHECKING")
        and not isinstance(value, type(importlib))
    ]
    assert leaked == []
