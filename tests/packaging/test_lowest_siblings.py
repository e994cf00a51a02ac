"""Which releases a package is tried beside: the lowest that it and they allow, read from tags."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
from lowest_siblings import PROGRAMS_OF
from proof_environment import PROGRAMS
from repository import PACKAGES
from siblings import read_project, requirements_in

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts/lowest_siblings.py"
SHOW = """\
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from lowest_siblings import lowest_siblings
from repository import PACKAGES
found = lowest_siblings(PACKAGES[sys.argv[3]], Path(sys.argv[2]))
print(*[f"{name} {version}" for name, version in sorted(found.items())], sep=", ")
"""


def git(repository: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True)


def release(repository: Path, package: str, version: str, *wishes: str) -> None:
    """Commits a package that asks for its siblings like that, and tags it."""
    write(repository, package, *wishes)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", f"{package} {version}")
    git(repository, "tag", f"{package}-v{version}")


def write(repository: Path, package: str, *wishes: str) -> None:
    path = repository / "packages" / package / "pyproject.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'  "pyinstrument-{wish}",\n' for wish in wishes)
    path.write_text(f"dependencies = [\n{lines}]\n", encoding="utf-8")


def run(*command: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, encoding="utf-8"
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def lowest(repository: Path, package: str) -> str:
    status, found, error = run("-c", SHOW, SCRIPT.parent, repository, package)
    assert status == 0, error
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def test_the_lowest_final_release_that_is_allowed_counts(repository: Path) -> None:
    for version in ("1.0.0", "1.2.0rc1", "1.2.0", "1.10.0", "2.0.0"):
        release(repository, "sampler", version)
    for floor, found in (("1.0.0", "1.0.0"), ("1.0.1.dev0", "1.2.0"), ("1.3", "1.10.0")):
        write(repository, "model", f"sampler>={floor},<2")
        assert lowest(repository, "model") == f"sampler {found}"


def test_siblings_are_as_new_as_they_need_one_another(repository: Path) -> None:
    release(repository, "sampler", "1.0.0")
    release(repository, "sampler", "1.1.0")
    release(repository, "model", "1.0.0", "sampler>=1.0.0,<2")
    release(repository, "model", "1.1.0", "sampler>=1.1.0,<2")
    release(repository, "renderers", "1.0.0", "model>=1.1.0,<2")
    wishes = ["sampler>=1.0.0,<2", "model>=1.0.0,<2"]
    write(repository, "cli", *wishes)
    assert lowest(repository, "cli") == "model 1.0.0, sampler 1.0.0"
    write(repository, "cli", *wishes, "renderers>=1.0.0,<2")
    assert lowest(repository, "cli") == "model 1.1.0, renderers 1.0.0, sampler 1.1.0"


def test_where_nothing_is_released_it_says_so_and_passes(repository: Path) -> None:
    write(repository, "sampler")
    write(repository, "model", "sampler>=1.0.0.dev0,<2")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "one")
    git(repository, "tag", "sampler-v1.0.0rc1")
    says = {
        "sampler": "pyinstrument-sampler: asks for no sibling",
        "model": "pyinstrument-model: nothing to try, no final release is"
        " pyinstrument-sampler>=1.0.0.dev0,<2",
    }
    for package, text in says.items():
        command = (SCRIPT, repository / "dist", "--root", repository, "--package", package)
        assert run(*command) == (0, text, "")


def imported_by(program: str) -> Iterator[str]:
    """The top names that it and the modules beside it import."""
    files = [PROGRAMS / program]
    while files:
        for node in ast.walk(ast.parse(files.pop().read_text(encoding="utf-8"))):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for top in (module.split(".")[0] for module in modules):
                beside = PROGRAMS / f"{top}.py"
                if beside.exists():
                    files.append(beside)
                else:
                    yield top


def beside(folder: str) -> set[str]:
    """Import names of the package and of all siblings that it brings."""
    found: set[str] = set()
    folders = [folder]
    while folders:
        package = PACKAGES[folders.pop()]
        if package.import_name not in found:
            found.add(package.import_name)
            wishes = requirements_in(read_project(package, ROOT))
            folders += [wish.sibling.folder for wish in wishes]
    return found


@pytest.mark.skipif(sys.version_info < (3, 10), reason="3.10+ lists its standard library")
@pytest.mark.parametrize("folder", PROGRAMS_OF)
def test_what_is_tried_of_a_package_imports_nothing_that_its_environment_lacks(folder: str) -> None:
    here = beside(folder) | set(sys.stdlib_module_names)
    lacking = {
        (program, name)
        for program in PROGRAMS_OF[folder]
        for name in imported_by(program)
        if name not in here
    }
    assert lacking == set()
