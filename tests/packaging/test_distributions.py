"""What users get: a wheel holds its own package alone, an sdist can be built anywhere."""

from __future__ import annotations

import email
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

if TYPE_CHECKING:
    from .conftest import Built

ROOT = Path(__file__).parents[2]


def test_a_wheel_holds_only_its_own_package(built: Built) -> None:
    tops = {name.split("/")[0] for name in built.wheel_names()}
    (metadata,) = [top for top in tops if top.endswith(".dist-info")]
    assert tops == {built.import_name, metadata}


def test_a_wheel_holds_every_module_and_no_source_of_compiled_ones(built: Built) -> None:
    source = ROOT / "packages" / built.folder / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.suffix in (".py", ".pyi") or path.name == "py.typed"
    }
    names = set(built.wheel_names())
    assert wanted - names == set()
    assert [name for name in names if name.endswith((".pyx", ".pxd", ".c", ".h"))] == []


def test_a_wheel_holds_one_object_for_each_compiled_module(built: Built) -> None:
    source = ROOT / "packages" / built.folder / "src"
    modules = source.rglob("*.pyx")
    wanted = {path.relative_to(source).with_suffix("").as_posix() for path in modules}
    if built.folder == "sampler":
        hook = build_hook()
        wanted |= {name.replace(".", "/") for name in hook.COMPILED_COPIES}
        if not hook.has_safepoints():
            wanted -= {name.replace(".", "/") for name in hook.SAFEPOINT_MODULES}
    objects = [name for name in built.wheel_names() if name.endswith((".so", ".pyd"))]
    if sys.platform == "win32":
        assert objects == []
        assert ("-py3-none-win" in built.wheel.name) == (built.folder == "sampler")
    else:
        assert sorted(name.split(".")[0] for name in objects) == sorted(wanted)
        assert ("none-any" in built.wheel.name) == (not wanted)


def build_hook() -> Any:
    """The module of the build hook, with its tables."""
    path = ROOT / "packages/sampler/hatch_build.py"
    spec = importlib.util.spec_from_file_location("hatch_build", path)
    assert spec is not None and spec.loader is not None
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    return hook


def test_wheel_and_sdist_of_the_renderers_hold_the_built_viewer(
    built_packages: dict[str, Built],
) -> None:
    renderers = built_packages["renderers"]
    folder = "pyinstrument_renderers/html/static"
    wanted = [f"{folder}/app.css", f"{folder}/app.js", f"{folder}/loader.js"]
    assert [name for name in renderers.wheel_names() if name.startswith(folder)] == wanted
    static = f"src/{folder}/"
    in_sdist = [name[len("src/") :] for name in renderers.sdist_names() if name.startswith(static)]
    assert in_sdist == wanted


def test_the_renderers_are_built_from_their_sdist_without_node(
    built_packages: dict[str, Built], tmp_path: Path
) -> None:
    project = built_packages["renderers"].unpack_sdist(tmp_path / "sdist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "out")],
        cwd=project,
        env=dict(os.environ, PATH=str(tmp_path)),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr.count("npm")) == (0, 0), done.stderr


def test_a_wheel_is_typed_and_has_its_licence(built: Built) -> None:
    names = built.wheel_names()
    assert f"{built.import_name}/py.typed" in names
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]


def test_an_sdist_has_what_a_build_needs_and_no_objects(built: Built) -> None:
    names = set(built.sdist_names())
    files = {"LICENSE", "README.md", "CHANGELOG.md", "PKG-INFO", "pyproject.toml"}
    if built.folder in ("sampler", "renderers"):
        files.add("hatch_build.py")
    assert {name for name in names if "/" not in name} - {".gitignore"} == files
    source = ROOT / "packages" / built.folder
    kinds = {".py", ".pyi", ".pyx", ".pxd", ".c", ".h"}
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "src").rglob("*")
        if path.suffix in kinds
    }
    assert wanted - names == set()
    assert [name for name in names if name.endswith((".so", ".pyd", ".pyc"))] == []


def test_the_list_of_a_folders_files_goes_with_the_source_only(built: Built) -> None:
    assert f"src/{built.import_name}/README.md" in built.sdist_names()
    assert [name for name in built.wheel_names() if name.endswith("README.md")] == []


def test_licences_are_the_same_everywhere() -> None:
    texts = {path.read_text(encoding="utf-8") for path in ROOT.glob("packages/*/LICENSE")}
    assert texts == {(ROOT / "LICENSE").read_text(encoding="utf-8")}


def test_the_command_asks_for_our_packages_by_floor_and_cap(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    ours = [r for r in metadata.get_all("Requires-Dist", []) if r.startswith("pyinstrument")]
    assert [r for r in ours if ">=" not in r or "<" not in r] == []
    assert Version(metadata["Version"]) >= Version("6.dev0" if built.folder == "cli" else "1.dev0")


def test_without_cython_the_sampler_is_built_pure_and_says_why(
    built_packages: dict[str, Built], tmp_path: Path
) -> None:
    project = built_packages["sampler"].unpack_sdist(tmp_path / "sdist")
    done = build_with_broken_cython(project, tmp_path, required="0")
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    (line,) = [line for line in done.stderr.splitlines() if "pyinstrument-sampler:" in line]
    assert line == (
        "pyinstrument-sampler: not compiled, the slower `reference` engine will be used:"
        " Cython is not installed"
    )


def test_without_cython_a_build_that_must_compile_fails(
    built_packages: dict[str, Built], tmp_path: Path
) -> None:
    project = built_packages["sampler"].unpack_sdist(tmp_path / "sdist")
    done = build_with_broken_cython(project, tmp_path, required="1")
    assert done.returncode != 0
    assert "PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED is set, and Cython is not installed" in (
        done.stderr
    )


def test_windows_gets_a_wheel_of_its_own_with_nothing_compiled(
    built_packages: dict[str, Built], tmp_path: Path
) -> None:
    project = built_packages["sampler"].unpack_sdist(tmp_path / "sdist")
    command = (
        "import sys, sysconfig; from hatchling.builders.wheel import WheelBuilder;"
        " builder = WheelBuilder('.'); builder.metadata.version;"
        " sys.platform = 'win32'; sysconfig.get_platform = lambda: 'win-amd64';"
        f" next(builder.build(directory={str(tmp_path / 'out')!r}, versions=['standard']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=project,
        env=dict(os.environ, PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED="0"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "POSIX threads and signals, which Windows has not" in done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert wheel.name.endswith("-py3-none-win_amd64.whl")


def build_with_broken_cython(
    project: Path, tmp_path: Path, required: str
) -> subprocess.CompletedProcess[str]:
    """Build a wheel where `import Cython` fails as it does when Cython is not there."""
    hiding = tmp_path / "hiding"
    hiding.mkdir()
    (hiding / "Cython.py").write_text("raise ModuleNotFoundError('hidden', name='Cython')\n")
    environment = dict(
        os.environ, PYTHONPATH=str(hiding), PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED=required
    )
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
    return subprocess.run(
        [*command, str(tmp_path / "out")],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
