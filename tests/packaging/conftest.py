"""Built sdists and wheels of all packages: those that PYINSTRUMENT_DIST names, else fresh ones."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from repository import PACKAGES, ROOT


class Built:
    """The sdist and the wheel of one package, and the names of the files in them."""

    def __init__(self, folder: str, sdist: Path, wheel: Path) -> None:
        self.folder = folder
        self.import_name = PACKAGES[folder].import_name
        self.sdist = sdist
        self.wheel = wheel

    def sdist_names(self) -> list[str]:
        """Below the sdist's one top folder."""
        with tarfile.open(self.sdist) as archive:
            return sorted(name.split("/", 1)[1] for name in archive.getnames() if "/" in name)

    def wheel_names(self) -> list[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return sorted(archive.namelist())

    def unpack_sdist(self, target: Path) -> Path:
        """Where its pyproject.toml is."""
        with tarfile.open(self.sdist) as archive:
            if sys.version_info >= (3, 12):
                archive.extractall(target, filter="data")
            else:
                archive.extractall(target)
        (top,) = target.iterdir()
        return top


def hatchling(*arguments: str, cwd: Path) -> str:
    """The output of hatchling's command, which uses what is installed here and no network."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def build(folder: str, out: Path, unpacked: Path) -> Built:
    """Make an sdist from the checkout and a wheel from that sdist."""
    hatchling("build", "-t", "sdist", "-d", str(out), cwd=ROOT / "packages" / folder)
    (sdist,) = out.glob("*.tar.gz")
    built = Built(folder, sdist, out)
    hatchling("build", "-t", "wheel", "-d", str(out), cwd=built.unpack_sdist(unpacked))
    (built.wheel,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def built_packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """By folder. Making them takes seconds, so once for all tests."""
    ready = os.environ.get("PYINSTRUMENT_DIST")
    if ready is None:
        made = {}
        for folder in PACKAGES:
            out, unpacked = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("sdist")
            made[folder] = build(folder, out, unpacked)
        return made
    found = {}
    for folder, package in PACKAGES.items():
        (sdist,) = Path(ready).glob(f"{package.import_name}-*.tar.gz")
        (wheel,) = Path(ready).glob(f"{package.import_name}-*.whl")
        found[folder] = Built(folder, sdist, wheel)
    return found


@pytest.fixture(params=sorted(PACKAGES))
def built(request: pytest.FixtureRequest, built_packages: dict[str, Built]) -> Built:
    """Each package in turn."""
    return built_packages[request.param]
