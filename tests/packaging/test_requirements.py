"""Requirements among our packages: accepted by any checkout, never met by the registry's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]

PROJECTS: dict[str, dict[str, Any]] = {}
for path in sorted(ROOT.glob("packages/*/pyproject.toml")):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    PROJECTS[data["project"]["name"]] = data

NEWEST_OF_THE_OTHER = "5.1.3"
"""The newest `pyinstrument` of the registry when this was written."""


def siblings_of(name: str) -> list[Requirement]:
    project = PROJECTS[name]["project"]
    extras = [r for group in project.get("optional-dependencies", {}).values() for r in group]
    parsed = [Requirement(text) for text in [*project["dependencies"], *extras]]
    return [requirement for requirement in parsed if requirement.name in PROJECTS]


def fallback_of(name: str) -> str:
    version: str = PROJECTS[name]["tool"]["hatch"]["version"]["fallback-version"]
    return version


@pytest.mark.parametrize("name", PROJECTS)
def test_an_untagged_checkout_meets_the_requirements_on_it(name: str) -> None:
    refused = [
        str(requirement)
        for requirement in siblings_of(name)
        if not requirement.specifier.contains(fallback_of(requirement.name), prereleases=True)
    ]
    assert refused == []


@pytest.mark.parametrize("name", PROJECTS)
def test_a_requirement_on_a_sibling_has_a_floor_and_a_cap(name: str) -> None:
    loose = [
        str(requirement)
        for requirement in siblings_of(name)
        if not {">=", "<"} <= {part.operator for part in requirement.specifier}
    ]
    assert loose == []


@pytest.mark.parametrize("folder", [path.parent.name for path in ROOT.glob("packages/*/*.toml")])
def test_a_release_sees_all_requirements_on_siblings(folder: str) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from siblings import requirements_in
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    text = (ROOT / "packages" / folder / "pyproject.toml").read_text(encoding="utf-8")
    name = tomllib.loads(text)["project"]["name"]
    seen = {(wish.sibling.distribution, str(wish.floor)) for wish in requirements_in(text)}
    assert seen == {
        (wish.name, part.version)
        for wish in siblings_of(name)
        for part in wish.specifier
        if part.operator == ">="
    }


def test_no_requirement_is_met_by_the_other_pyinstrument() -> None:
    met = [
        str(requirement)
        for name in PROJECTS
        for requirement in siblings_of(name)
        if requirement.name == "pyinstrument"
        and requirement.specifier.contains(NEWEST_OF_THE_OTHER)
    ]
    assert met == []
    assert Version(fallback_of("pyinstrument")) >= Version("6.dev0")


def test_the_sampler_needs_nothing() -> None:
    assert PROJECTS["pyinstrument-sampler"]["project"]["dependencies"] == []
